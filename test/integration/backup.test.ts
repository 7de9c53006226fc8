import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { restoreInto } from '../../src/app/backup.ts';
import { type Config, loadConfig } from '../../src/config/config.ts';
import { type BackupSource, listBackups, openBackup, saveBackup } from '../../src/lib/db/backup-archive.ts';
import { openPglite } from '../../src/lib/db/pglite.ts';
import { StartRefused } from '../../src/lib/start-refused.ts';
import { addPeople, assertCountersAddUp, filled, makeCampaign, statusOf, talliesOf } from '../support/factories.ts';
import { preparedDatabase } from '../support/prepared.ts';

const root = mkdtempSync(join(tmpdir(), 'backup-'));
after(() => {
  rmSync(root, { recursive: true, force: true });
});

const databaseDir = join(root, 'source', 'database');
mkdirSync(join(root, 'source'));
cpSync(await preparedDatabase(), databaseDir, { recursive: true });
const db = await openPglite({ dataDir: databaseDir });
after(() => db.close());
const source: BackupSource = {
  db,
  databaseDir,
  workDir: join(root, 'source', 'backups'),
  secretKey: 'the-secret-of-the-source',
  program: '9.9.9',
};

function configFor(name: string, env: Record<string, string> = {}): Config {
  const loaded = loadConfig({ DATA_DIR: join(root, name), ...env });
  assert.ok(loaded.ok);
  return loaded.config;
}

async function backupTo(name: string): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of await openBackup(source, new Date())) parts.push(part as Buffer);
  const path = join(root, name);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

/** Of the database before anybody is in it: small, for whatever only needs a backup. */
const saved = await backupTo('saved.tar.gz');

test('a backup made while the database is written to restores a whole and provable moment, and writes to nobody', async () => {
  const id = await makeCampaign(db, { people: 10 });
  const stop = new AbortController();
  const writing = (async () => {
    while (!stop.signal.aborted) await db.tx((sql) => addPeople(sql, id, 500));
  })();
  const file = await backupTo('live.tar.gz');
  stop.abort();
  await writing;
  const config = configFor('restored');
  const { facts, result } = await restoreInto(config, file);
  assert.equal(facts.program, '9.9.9');
  assert.deepEqual(result.paused, [id]);
  assert.ok(result.unknown >= 10);
  assert.equal(readFileSync(join(config.dataDir, 'secret-key'), 'utf8'), 'the-secret-of-the-source');
  const copy = await openPglite({ dataDir: join(config.dataDir, 'database') });
  try {
    await assertCountersAddUp(copy, id);
    assert.equal(await statusOf(copy, id), 'paused');
    assert.deepEqual(filled((await talliesOf(copy, id)).byStatus), { unknown: result.unknown });
    const { rows } = await copy.query(
      'select count(*) as n from recipients r left join messages m using (campaign_id, id) where m.id is null',
    );
    assert.deepEqual(rows, [{ n: 0 }]);
  } finally {
    await copy.close();
  }
});

test('a restore never overwrites a database, and leaves the folder as it was', async () => {
  const config = configFor('occupied');
  mkdirSync(join(config.dataDir, 'database'), { recursive: true });
  writeFileSync(join(config.dataDir, 'database', 'PG_VERSION'), '18\n');
  await assert.rejects(
    restoreInto(config, saved),
    (error) => error instanceof StartRefused && /holds a database already/.test(error.message),
  );
  assert.deepEqual(readdirSync(join(config.dataDir, 'database')), ['PG_VERSION']);
});

test('a file that is cut short, damaged or something else is refused and nothing is left of it', async () => {
  const file = join(root, 'cut.tar.gz');
  writeFileSync(file, readFileSync(saved).subarray(0, -9));
  const foreign = join(root, 'foreign.tar.gz');
  writeFileSync(foreign, 'no archive at all');
  for (const bad of [file, foreign, join(root, 'absent.tar.gz')]) {
    const config = configFor('refused');
    await assert.rejects(restoreInto(config, bad), StartRefused);
    assert.equal(existsSync(join(config.dataDir, 'database')), false);
    assert.equal(existsSync(join(config.dataDir, '.restoring')), false);
  }
});

test('a restore on settings with an external database points to pg_restore', async () => {
  assert.throws(() => restoreInto(configFor('external', { DATABASE_URL: 'postgres://localhost/x' }), 'x'), /pg_restore/);
});

test('another secret that is there is kept aside', async () => {
  const config = configFor('other-secret');
  mkdirSync(config.dataDir);
  writeFileSync(join(config.dataDir, 'secret-key'), 'the-secret-that-was-here');
  await restoreInto(config, saved);
  assert.equal(readFileSync(join(config.dataDir, 'secret-key'), 'utf8'), 'the-secret-of-the-source');
  assert.equal(readFileSync(join(config.dataDir, 'secret-key.before-restore'), 'utf8'), 'the-secret-that-was-here');
});

test('saved backups keep the newest and remove what a killed backup left', async () => {
  const dir = join(root, 'kept');
  mkdirSync(dir);
  mkdirSync(join(source.workDir, '.copy-of-a-dead-process'), { recursive: true });
  writeFileSync(join(dir, '.partial-whatsapp-sender-20260101T000000Z.tar.gz'), 'half');
  writeFileSync(join(dir, 'a file of somebody else.txt'), 'mine');
  for (const hour of [1, 2, 3]) {
    const now = new Date(Date.UTC(2026, 0, 1, hour));
    const path = await saveBackup(source, { dir, keep: 2, now });
    utimesSync(path, now, now);
  }
  assert.deepEqual(readdirSync(dir).sort(), [
    'a file of somebody else.txt',
    'whatsapp-sender-20260101T020000Z.tar.gz',
    'whatsapp-sender-20260101T030000Z.tar.gz',
  ]);
  assert.equal((await listBackups(dir))[0]?.madeAt.getTime(), Date.UTC(2026, 0, 1, 3));
  assert.deepEqual(readdirSync(source.workDir), []);
});

test('a reader who goes away half-way leaves no copy behind', async () => {
  const stream = await openBackup(source, new Date());
  await new Promise((resolve) => stream.once('data', resolve));
  stream.destroy();
  while (readdirSync(source.workDir).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});
