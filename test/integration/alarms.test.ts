import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhookCheck } from '../../src/cli/doctor-server.ts';
import { beat } from '../../src/lib/jobs/processes.sql.ts';
import { translate } from '../../src/lib/words/sentence.ts';
import { noteAlarms, pastAlarms } from '../../src/operations/alarms.sql.ts';
import { type Alarm, alarmsOf, createAlarmWatch, readAlarms } from '../../src/operations/alarms.ts';
import type { Signs } from '../../src/operations/metrics.sql.ts';
import { readGauges } from '../../src/operations/metrics.sql.ts';
import { storeWebhooks } from '../../src/webhooks/journal.sql.ts';
import { readSignatures } from '../../src/webhooks/signatures.sql.ts';
import { createSignatureNote } from '../../src/webhooks/signatures.ts';
import { MAX_TRIES } from '../../src/webhooks/try-again.ts';
import { openTestDb } from '../support/db.ts';
import { makeCampaign, NUMBER } from '../support/factories.ts';
import { until } from '../support/wait.ts';

const ACCOUNT = { mode: 'sandbox', phoneNumberId: NUMBER } as const;

const QUIET: Signs = {
  running: 0,
  workers: 1,
  untold: 0,
  last_webhook_at: null,
  oldest_pending_seconds: null,
  stuck: 0,
  unknown_stops: 0,
  outages: 0,
  outage_lost: 0,
  outage_since: null,
  refused_webhooks: 0,
  redis_fault: null,
};

function codes(signs: Partial<Signs>): string[] {
  return alarmsOf({ ...QUIET, ...signs }).map((alarm) => alarm.code);
}

test('an idle system, and one whose webhooks come, raise nothing', () => {
  assert.deepEqual(codes({}), []);
  assert.deepEqual(codes({ running: 1, last_webhook_at: new Date(), oldest_pending_seconds: 1 }), []);
});

test('messages accepted long enough ago without a single webhook since raise the silence alarm; a handful does not', () => {
  assert.deepEqual(codes({ untold: 5 }), ['webhooks_silent']);
  assert.deepEqual(codes({ untold: 500, last_webhook_at: new Date() }), ['webhooks_silent']);
  assert.deepEqual(codes({ untold: 4 }), []);
});

test('a backlog, webhooks set aside and a missing worker each have an alarm, in both languages', () => {
  const alarms = alarmsOf({ ...QUIET, running: 2, workers: 0, oldest_pending_seconds: 61, stuck: 3 });
  assert.deepEqual(
    alarms.map((alarm) => alarm.code),
    ['webhooks_behind', 'webhooks_stuck', 'no_worker'],
  );
  for (const { message } of alarms) assert.notEqual(translate(message, 'en'), translate(message, 'es'));
  const [one] = alarmsOf({ ...QUIET, stuck: 1 });
  assert.match(translate(one?.message ?? '', 'en'), /^1 webhook could not be applied and was set aside/);
  assert.match(translate(one?.message ?? '', 'es'), /^1 webhook no se pudo aplicar y se apartó;/);
  assert.deepEqual(codes({ running: 0, workers: 0 }), []);
  assert.deepEqual(codes({ unknown_stops: 1 }), ['opt_out_of_unknown']);
  for (const { message } of alarmsOf({ ...QUIET, unknown_stops: 2 }))
    assert.notEqual(translate(message, 'en'), translate(message, 'es'));
});

test('the signs are read from the database: only messages of the window count, and only of this mode', async (t) => {
  const db = await openTestDb(t);
  const id = await makeCampaign(db, { people: 1 });
  const live = await makeCampaign(db, { people: 1, mode: 'live' });
  const accepted = async (campaign: number, minutes: number, n: number): Promise<unknown> =>
    db.query(
      `insert into tallies (campaign_id, what, key, slot, n)
       values ($1, 'minute.accepted', to_char((clock_timestamp() - $2 * interval '1 minute') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), 0, $3)`,
      [campaign, minutes, n],
    );
  await beat(db, { id: 'w', role: 'worker', host: 'h', pid: 1 });
  await accepted(id, 1, 900);
  await accepted(id, 60 * 25, 900);
  await accepted(live, 10, 900);
  assert.deepEqual(await readAlarms(db, ACCOUNT), []);
  await accepted(id, 10, 50);
  assert.deepEqual(
    (await readAlarms(db, ACCOUNT)).map((alarm) => alarm.code),
    ['webhooks_silent'],
  );
  await storeWebhooks(db, ['{}']);
  assert.deepEqual(await readAlarms(db, ACCOUNT), []);
  // The last word came before those messages, or after them: only the former is silence.
  await db.query(`update webhook_events set received_at = clock_timestamp() - interval '12 minutes'`);
  await db.query('delete from webhook_pending');
  assert.deepEqual(
    (await readAlarms(db, ACCOUNT)).map((alarm) => alarm.code),
    ['webhooks_silent'],
  );
  await db.query(`update webhook_events set received_at = clock_timestamp() - interval '8 minutes'`);
  assert.deepEqual(await readAlarms(db, ACCOUNT), []);
  await storeWebhooks(db, ['{}']);
  await db.query('update webhook_pending set tries = $1', [MAX_TRIES]);
  assert.deepEqual(
    (await readAlarms(db, ACCOUNT)).map((alarm) => alarm.code),
    ['webhooks_stuck'],
  );
  const gauges = await readGauges(db, 30);
  assert.deepEqual(
    [...gauges.campaigns].sort((a, b) => (a.mode < b.mode ? -1 : 1)),
    [
      { mode: 'live', status: 'running', n: 1 },
      { mode: 'sandbox', status: 'running', n: 1 },
    ],
  );
  assert.equal(gauges.webhooks.stuck, 1);
  assert.equal(gauges.webhooks.oldest_seconds, null);
  assert.equal(gauges.processes.find((one) => one.role === 'worker')?.alive, 1);
});

test('a wrong app secret: what was refused since the last good webhook of this mode is an alarm, and a fault to the doctor', async (t) => {
  const db = await openTestDb(t);
  const note = createSignatureNote({ db, mode: 'live', onError: assert.ifError, everyMs: 1 });
  const sandbox = createSignatureNote({ db, mode: 'sandbox', onError: assert.ifError, everyMs: 1 });
  const live = { mode: 'live', phoneNumberId: NUMBER } as const;
  for (let i = 0; i < 6; i++) note('bad_signature');
  sandbox('stored');
  const seen = await until('all to be written down', async () => {
    const now = await readSignatures(db, 'live');
    return now.refused_since_good === 6 && (await readSignatures(db, 'sandbox')).good_at !== null ? now : undefined;
  });
  assert.equal(seen.good_at, null, 'a webhook of the sandbox is none of Meta');
  assert.deepEqual(
    (await readAlarms(db, live)).map(({ code }) => code),
    ['webhooks_refused'],
  );
  const check = webhookCheck({ pending: 0, stuck: 0, lastGoodAt: null, refused: seen.refused_since_good }, 'live');
  assert.equal(check.level, 'fail');
  assert.match(`${check.message} ${check.advice ?? ''}`, /6.*WHATSAPP_APP_SECRET/s);
  note('stored');
  await until('the good one to be written down', async () => {
    return (await readSignatures(db, 'live')).refused_since_good === 0 ? true : undefined;
  });
  assert.deepEqual(await readAlarms(db, live), []);
  const silent = webhookCheck({ pending: 0, stuck: 0, lastGoodAt: null, refused: 0 }, 'live');
  assert.match(
    silent.advice ?? '',
    /client certificate.*meta-outbound-api-ca/,
    'a proxy with the old root refuses every webhook',
  );
});

test('an alarm is told once when it begins and once when it ends', async () => {
  const told: string[] = [];
  let now: Alarm[] = [];
  const look = createAlarmWatch({
    read: () => Promise.resolve(now),
    onRaised: (alarm) => told.push(`+${alarm.code}`),
    onCleared: (code) => told.push(`-${code}`),
  });
  await look();
  now = alarmsOf({ ...QUIET, stuck: 1 });
  await look();
  await look();
  now = [];
  await look();
  await look();
  assert.deepEqual(told, ['+webhooks_stuck', '-webhooks_stuck']);
});

test('what was wrong is kept from when until when, once however many processes look and however often one starts again', async (t) => {
  const db = await openTestDb(t);
  const alarm = (code: string) => ({ code, message: `${code} here` });
  await Promise.all([noteAlarms(db, [alarm('no_worker')]), noteAlarms(db, [alarm('no_worker')])]);
  await noteAlarms(db, [alarm('no_worker'), alarm('webhooks_stuck')]);
  await noteAlarms(db, [alarm('webhooks_stuck')]);
  await noteAlarms(db, [alarm('webhooks_stuck'), alarm('no_worker')]);
  const seen = (await pastAlarms(db, 10)).map(({ code, ended_at: ended }) => [code, ended === null]);
  assert.deepEqual(seen, [
    ['no_worker', true],
    ['webhooks_stuck', true],
    ['no_worker', false],
  ]);
});
