import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { needsPostgres } from '../support/servers.ts';

const postgres = needsPostgres();

function open(t: TestContext): Db {
  const db = openPostgres({ connectionString: postgres.url, max: 1 });
  t.after(() => db.close());
  return db;
}

async function pidOf(db: Pick<Db, 'query'>): Promise<number> {
  return (await db.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
}

/** Ends a connection from outside and returns when it is gone. */
async function terminate(admin: Db, pid: number): Promise<void> {
  await admin.query('select pg_terminate_backend($1, 10000)', [pid]);
}

test('a connection that the server cuts between two statements fails its transaction, and the process lives on', {
  skip: postgres.skip,
}, async (t) => {
  const [db, admin] = [open(t), open(t)];
  await assert.rejects(
    db.tx(async (sql) => {
      await terminate(admin, await pidOf(sql));
      // The end of the connection is told while nobody asks anything of it.
      await new Promise((resolve) => setImmediate(resolve));
      await admin.query('select 1');
      await sql.query('select 1');
    }),
  );
  assert.ok((await pidOf(db)) > 0);
});

test('a connection that the server cuts under a running statement fails that statement, and the next one has a new connection', {
  skip: postgres.skip,
}, async (t) => {
  const [db, admin] = [open(t), open(t)];
  const pid = await pidOf(db);
  const slow = db.query('select pg_sleep(60)');
  slow.catch(() => undefined);
  for (let active = false; !active; ) {
    const { rows } = await admin.query<{ active: boolean }>(
      `select state = 'active' as active from pg_stat_activity where pid = $1`,
      [pid],
    );
    active = rows[0]?.active ?? false;
  }
  await terminate(admin, pid);
  await assert.rejects(slow);
  assert.notEqual(await pidOf(db), pid);
});
