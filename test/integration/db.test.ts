import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { migrate } from '../../src/lib/db/migrate.ts';
import { CAMPAIGN_STATUSES } from '../../src/lifecycle/campaign.ts';
import { MESSAGE_STATUSES } from '../../src/lifecycle/message.ts';
import { openFileDb } from '../support/db.ts';
import { untilTrue } from '../support/wait.ts';

const db = await openFileDb();

test('the database ranks message statuses as the domain does', async () => {
  const { rows } = await db.query<{ s: string }>('select unnest(enum_range(null::message_status))::text as s');
  assert.deepEqual(
    rows.map((row) => row.s),
    [...MESSAGE_STATUSES],
  );
});

test('the database knows the campaign states of the domain', async () => {
  const { rows } = await db.query<{ s: string }>('select unnest(enum_range(null::campaign_status))::text as s');
  assert.deepEqual(rows.map((row) => row.s).sort(), [...CAMPAIGN_STATUSES].sort());
});

test('migrating twice applies nothing the second time', async () => {
  assert.deepEqual(await migrate(db), []);
});

test('a list of texts comes back as it was, whatever is in them, but for NUL', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 'NULL', 'null', '{}', '"', '\\', '\\"', ' a ', 'a,b', '\n', '\0', 'ñandú'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (texts) => {
      const { rows } = await db.query<{ t: string | null }>(
        'select t from unnest($1::text[]) with ordinality as u (t, n) order by n',
        [texts],
      );
      assert.deepEqual(
        rows.map((row) => row.t),
        texts.map((one) => one?.replaceAll('\0', '\ufffd') ?? null),
      );
    }),
    { numRuns: 200 },
  );
});

test('a failed transaction leaves nothing and the connection usable', async () => {
  await db.query('create table scratch (n int primary key)');
  await assert.rejects(
    db.tx(async (sql) => {
      await sql.query('insert into scratch values (1)');
      await sql.query('insert into scratch values (1)');
    }),
  );
  assert.equal((await db.query('select from scratch')).rowCount, 0);
});

test('a plan made while a table was small is not kept when it has become large', async () => {
  await db.query('create table crowd (n int primary key)');
  await db.query('insert into crowd values (1); analyze crowd');
  const text = 'select from crowd where n = $1';
  const plan = (): Promise<string> =>
    db.tx(async (sql) => {
      await sql.query(text, [1]);
      const { rows } = await sql.query<{ name: string }>('select name from pg_prepared_statements where statement = $1', [text]);
      const told = await sql.query<{ 'QUERY PLAN': string }>(`explain execute "${rows[0]?.name ?? ''}"(1)`);
      return told.rows.map((row) => row['QUERY PLAN']).join('\n');
    });
  assert.match(await plan(), /Seq Scan/, 'one row is read as it stands');
  await db.query('insert into crowd select n from generate_series(2, 50000) n');
  await untilTrue('a plan for many', async () => /Index/.test(await plan()));
});

test('big, small and failing statements side by side never write into each other', async () => {
  await db.query('create table big (n int, pad text)');
  await db.query('create table small (n int)');
  const pad = 'x'.repeat(200);
  const works: Promise<unknown>[] = [];
  for (let round = 0; round < 20; round++) {
    const numbers = Array.from({ length: 5_000 }, (_, i) => round * 5_000 + i);
    works.push(db.query('insert into big select n, $2 from unnest($1::int[]) n', [numbers, pad]));
    works.push(db.query('insert into small values ($1)', [-1 - round]));
    works.push(db.query('select 1 / $1::int', [0]).catch(() => undefined));
    works.push(
      db
        .tx(async (sql) => {
          await sql.query('insert into small values ($1)', [-1000 - round]);
          await sql.query('select nothing from nowhere');
        })
        .catch(() => undefined),
    );
  }
  await Promise.all(works);
  const { rows } = await db.query<{ big: number; foreign_big: number; small: number; foreign_small: number }>(`
    select (select count(*) from big where n >= 0 and pad = repeat('x', 200)) as big, (select count(*) from big where n < 0) as foreign_big,
           (select count(*) from small where n < 0 and n > -1000) as small, (select count(*) from small where n >= 0 or n <= -1000) as foreign_small`);
  assert.deepEqual(rows[0], { big: 100_000, foreign_big: 0, small: 20, foreign_small: 0 });
});
