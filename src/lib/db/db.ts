/**
 * The database as the rest of the house sees it. Two engines, one driver (`pg`), the same SQL:
 * `db-postgres.ts` (a server) and `db-pglite.ts` (embedded, ONE connection in a thread).
 */
export interface Sql {
  query<R extends object = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Result<R>>;
}

export interface Result<R> {
  readonly rows: R[];
  readonly rowCount: number;
}

export interface Db extends Sql {
  readonly kind: 'pglite' | 'postgres';
  /**
   * One transaction, run again as a whole when the database gave up on it because of others (deadlock, serialisation).
   * `work` awaits only its own `sql` and nothing else: on the embedded database there is one connection, and a query
   * outside the handle would wait for the transaction that waits for it.
   */
  tx<T>(work: (sql: Sql) => Promise<T>, isolation?: 'read committed' | 'repeatable read'): Promise<T>;
  close(): Promise<void>;
}

/**
 * Trouble of the database itself, which passes: a lost connection, a restart, a full disk, a lost race. Whoever asked has done
 * nothing wrong and may ask again. Anything else is the fault of the statement or its values.
 */
export function isPassingTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // SQLSTATE classes: connection, rollback, resources, operator, system (PostgreSQL's manual, appendix A); then the socket's own.
  if (/^\d/.test(code)) return /^(08|40|53|57|58)/.test(code);
  if (/^E[A-Z]+$/.test(code)) return true;
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
    error.message,
  );
}
