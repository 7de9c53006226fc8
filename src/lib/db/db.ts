/**
 * The database as the rest of the program sees it. Two engines, one driver (`pg`), the same SQL:
 * `postgres.ts` (a server) and `pglite.ts` (embedded, ONE connection in a thread).
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
