/**
 * Two transactions on one PostgreSQL, each on a connection of its own, statement by statement in a given order. What a lock makes wait is
 * seen in the server's own list of who waits for whom, so no time is guessed.
 */
import pg from 'pg';
import type { Db, Sql } from '../../src/lib/db/db.ts';
import { prepareSession } from '../../src/lib/db/postgres.ts';
import { turns } from './wait.ts';

export type Act = (db: Db) => Promise<unknown>;

interface Actor {
  /** Lets it take its next step, a statement or its commit; resolves when it has, or waits for the other one. */
  step(): Promise<void>;
  readonly isDone: boolean;
  readonly steps: number;
  /** What it answered. */
  end(): Promise<unknown>;
}

const UNDONE = new Set(['40P01', '40001']);

/** @param url with the schema as search path. */
export async function openActors(
  url: string,
  schema: string,
): Promise<{
  run(
    acts: readonly [Act, Act],
    order: readonly (0 | 1)[],
  ): Promise<{ readonly steps: readonly [number, number]; readonly answers: readonly unknown[] }>;
  close(): Promise<void>;
}> {
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` });
    await client.connect();
    await prepareSession(client);
    return client;
  };
  const clients = [await connect(), await connect()] as const;
  const watcher = await connect();
  const pids = await Promise.all(
    clients.map(async (client) => (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0),
  );
  const isWaiting = async (i: 0 | 1): Promise<boolean> =>
    (await watcher.query<{ n: number }>('select cardinality(pg_blocking_pids($1)) as n', [pids[i]])).rows[0]?.n !== 0;

  return {
    async run(acts, order) {
      const actors = [
        actorOf(clients[0], acts[0], () => isWaiting(0)),
        actorOf(clients[1], acts[1], () => isWaiting(1)),
      ] as const;
      for (const i of order) await actors[i].step();
      while (actors.some(({ isDone }) => !isDone)) for (const actor of actors) await actor.step();
      const answers = await Promise.all(actors.map((actor) => actor.end()));
      return { answers, steps: [actors[0].steps, actors[1].steps] };
    },
    async close() {
      await Promise.all([...clients, watcher].map((client) => client.end()));
    },
  };
}

function actorOf(client: pg.Client, act: Act, isWaiting: () => Promise<boolean>): Actor {
  let gate: (() => void) | undefined;
  let allowed = 0;
  let steps = 0;
  let busy = false;
  const isBusy = (): boolean => busy;
  let isDone = false;

  const isComing = (): boolean => gate === undefined && !isDone;
  const pass = async (): Promise<void> => {
    busy = false;
    if (allowed === 0) await new Promise<void>((resolve) => (gate = resolve));
    gate = undefined;
    allowed--;
    busy = true;
    steps++;
  };
  const sql: Sql = {
    query: async (text, params) => {
      await pass();
      const { rows, rowCount } = await client.query(text, params === undefined ? [] : [...params]);
      return { rows: rows as never[], rowCount: rowCount ?? 0 };
    },
  };
  const db: Db = { ...sql, kind: 'postgres', tx: (work) => work(sql), close: () => Promise.resolve() };
  const whole = async (): Promise<unknown> => {
    for (;;) {
      try {
        await client.query('begin');
        const answer = await act(db);
        await pass();
        await client.query('commit');
        return answer;
      } catch (error) {
        await client.query('rollback');
        if (!(error instanceof pg.DatabaseError) || !UNDONE.has(error.code ?? '')) throw error;
      }
    }
  };
  const running = whole().finally(() => {
    isDone = true;
    busy = false;
  });
  running.catch(() => undefined);

  return {
    get isDone() {
      return isDone;
    },
    get steps() {
      return steps;
    },
    async step() {
      if (isDone) return;
      if (!isBusy()) {
        // It comes to its gate by itself.
        while (isComing()) await turns(1);
        allowed++;
        gate?.();
        await turns(1);
      }
      while (isBusy() && !(await isWaiting())) await turns(1);
    },
    end: () => running,
  };
}

/** Every order of `a` steps of the one and `b` of the other. */
export function ordersOf(a: number, b: number): (0 | 1)[][] {
  if (a === 0) return [Array.from({ length: b }, () => 1)];
  if (b === 0) return [Array.from({ length: a }, () => 0)];
  return [
    ...ordersOf(a - 1, b).map((rest): (0 | 1)[] => [0, ...rest]),
    ...ordersOf(a, b - 1).map((rest): (0 | 1)[] => [1, ...rest]),
  ];
}
