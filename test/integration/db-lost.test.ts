import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { openServer } from '../../src/lib/db/open-database.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { freePort, needsPostgres } from '../support/servers.ts';

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

test('a server that restarts is waited for by whoever has the patience, and refused at once by whoever has none', {
  skip: postgres.skip,
}, async (t) => {
  const real = new URL(postgres.url);
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(real.port), real.hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
  });
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const url = new URL(real);
  url.port = String(port);
  const named = { url: url.href, label: 'test', poolSize: 1 };
  const onIdleError = (): undefined => undefined;
  await assert.rejects(openServer(named, { onIdleError }), /The database test cannot be used/);
  // It comes back when somebody waits.
  const { db } = await openServer(named, {
    onIdleError,
    patienceMs: 60_000,
    onWait: () => server.listen(port, '127.0.0.1'),
  });
  assert.deepEqual((await db.query('select 1 as one')).rows, [{ one: 1 }]);
  await db.close();
});
