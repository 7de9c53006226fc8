import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { personKey } from '../../src/lib/phone/parse.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { campaignsOf } from '../../src/lifecycle/forget-recipient.sql.ts';
import { type ErasureDeps, erasePerson } from '../../src/operations/erase-person.ts';
import { keepErasedList, listPath, takeUpErasedList } from '../../src/operations/erased-list.ts';
import { recountJournal } from '../../src/operations/recount-journal.ts';
import { replayWebhooks } from '../../src/webhooks/journal.sql.ts';
import { ANA } from '../support/actor.ts';
import { openFileDb } from '../support/db.ts';
import { inbound, messages, openDelivery, statuses, statusItem, text } from '../support/delivery.ts';
import { assertCountersAddUp, makeCampaign, messageOf } from '../support/factories.ts';
import { openDoor } from '../support/http.ts';
import { INSTALLATION } from '../support/sending.ts';

const db = await openFileDb();
const door = await openDoor(db);
const house = openDelivery(db, { personOf: personKey });
const folder = mkdtempSync(join(tmpdir(), 'erasure-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
const list = listPath(folder, INSTALLATION);
const deps: ErasureDeps = {
  db,
  slot: 3,
  installationId: INSTALLATION,
  marketOf: () => 'CO',
  keepList: () => keepErasedList(db, list),
};

const PHONE = 573104445566;
const OTHER = 573104445577;
const NAME = 'Zoraida Quiñonez';
const COUPON = 'ZQ-99-SECRETO';
const USER_ID = 'CO.98765432109876';
const PAST = Math.floor(Date.now() / 1000) - 600;

/** As WhatsApp makes them: with the number of the other side inside. */
function wamidTo(phone: number, n: number): string {
  const digits = String(phone);
  return `wamid.${Buffer.from(`\x1c\x18${String.fromCharCode(digits.length)}${digits}\x15\x02\x00${String(n)}`, 'latin1').toString('base64')}`;
}

/** Tables that hold nobody: a new one has to be put here, or be filled below. */
const OF_NOBODY = new Set(
  'account_notices alarms api_keys campaigns circuit_breakers dispatch erased_people installation invitations login_delays login_tries opt_out_phrases people processes rate_cards recovery_codes schemaversion sending_numbers sessions spending_limits tallies templates tickets webhook_counts webhook_pending webhook_signatures'.split(
    ' ',
  ),
);

interface Dump {
  readonly text: string;
  readonly filled: readonly string[];
  readonly tables: readonly string[];
}

/** The text of every table, with what is packed inside it: bytes, and the numbers in WhatsApp's ids. */
async function dump(sql: Db): Promise<Dump> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1`,
  );
  let all = '';
  const filled: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql.query<{ row: string }>(`select t::text as row from ${name} t`);
    if (rows.length > 0) filled.push(name);
    all += `${rows.map(({ row }) => row).join('\n')}\n`;
  }
  const packed = [...all.matchAll(/\\\\?x([0-9a-f]{8,})/g)].map((match) => Buffer.from(match[1] ?? '', 'hex').toString('utf8'));
  const ids = [...all.matchAll(/wamid\.([A-Za-z0-9+/=]+)/g)].map((match) =>
    Buffer.from(match[1] ?? '', 'base64').toString('latin1'),
  );
  return { text: [all, ...packed, ...ids].join('\n'), filled, tables: tables.map(({ name }) => name) };
}

const TRACES: readonly (readonly [what: string, trace: RegExp])[] = [
  ['the number', /3104445566/],
  ['the number as it was written', /310[ .-]444[ .-]55[ .-]?66/],
  ['the name', /Zoraida|Qui(ñ|\\u00f1)onez/i],
  ['the value', /ZQ-99/],
  ['the user id', /98765432109876/],
  ['the words', /mi hija nunca/],
];

function tracesIn({ text: dumped }: Dump): string[] {
  return TRACES.filter(([, trace]) => trace.test(dumped)).map(([what]) => what);
}

const CSV = `Recipient-Phone-Number,variable_1,variable_2\n${String(PHONE)},${NAME},${COUPON}\n${String(OTHER)},Luis,C-1\n`;

/** The person stands everywhere somebody can stand. @returns the campaign in which they were written to, and one that has not started. */
async function fillEverything(): Promise<{ sent: number; draft: number }> {
  const sent = await makeCampaign(db, {
    people: [
      { person: PHONE, data: { variable_1: NAME, variable_2: COUPON } },
      { person: OTHER, data: { variable_1: 'Luis', variable_2: 'C-1' } },
    ],
  });
  await claim(db, { campaignId: sent, mode: 'sandbox', limit: 5, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  const key = { campaignId: sent, messageId: 1, attempt: 1 };
  const ours = {
    ...statusItem(key, { status: 'sent', at: PAST, wamid: wamidTo(PHONE, 1), to: PHONE }),
    recipient_user_id: USER_ID,
  };
  const theirs = statusItem({ ...key, messageId: 2 }, { status: 'sent', at: PAST, wamid: wamidTo(OTHER, 2), to: OTHER });
  await house.post(statuses(ours, theirs), statuses({ ...ours, id: wamidTo(PHONE, 9), biz_opaque_callback_data: 'of.another' }));
  const draft = await door.campaign();
  const headers = (key: string) => ({ 'idempotency-key': key });
  await door.upload(draft, `${CSV}310 444 55 66,${NAME},${COUPON}\n310-444-5566 ext 9,${NAME},${COUPON}\n`, headers('a'));
  await house.post(
    messages({
      contacts: [{ profile: { name: NAME }, wa_id: String(PHONE), user_id: USER_ID }],
      messages: [{ from: String(PHONE), id: 'wamid.in.z', timestamp: String(PAST), ...text('STOP, mi hija nunca pidió esto') }],
    }),
    inbound(PHONE, text('basta'), PAST),
    inbound(OTHER, text('hola'), PAST),
    '{"broken": "573104445566',
  );
  await db.query(`insert into account_events (field, payload) values ('odd', $1)`, [
    JSON.stringify({ about: `+${String(PHONE)}` }),
  ]);
  await db.query(`insert into audit (actor_kind, actor_name, action, detail) values ('person', 'Ana', 'odd', $1)`, [
    JSON.stringify({ note: `called +${String(PHONE)}` }),
  ]);
  await db.query(`insert into message_events (campaign_id, message_id, attempt, kind, data) values ($1, 1, 1, 'failed', $2)`, [
    sent,
    JSON.stringify({ code: 131026, details: `to +${String(PHONE)}`, wamid: wamidTo(PHONE, 1) }),
  ]);
  await door.call('POST', '/api/v1/opt-outs', { body: { phone: `+${String(PHONE)}`, note: NAME }, headers: headers('b') });
  const form = new FormData();
  form.append('file', new Blob([`${CSV}12,${NAME},${COUPON}\n`]), 'gente.csv');
  const unpublished = await door.call('POST', `/api/v1/campaigns/${String(await door.campaign())}/uploads`, { body: form });
  assert.equal(unpublished.status < 300, true, unpublished.text);
  await db.query('insert into draft_mends (upload_id, row, record, cells, included) values ($1, 9, 9, $2, false)', [
    unpublished.json['upload_id'],
    JSON.stringify([String(PHONE), NAME, COUPON]),
  ]);
  return { sent, draft };
}

const erase = (body: Record<string, unknown>) => door.call('POST', '/api/v1/erasures', { body });

test('one call takes a person out of every table, and every figure stays what it was', async () => {
  const { sent, draft } = await fillEverything();
  const before = await dump(db);
  assert.deepEqual(
    tracesIn(before),
    TRACES.map(([what]) => what),
    'the person stands everywhere first',
  );
  const unfilled = before.tables.filter((table) => !OF_NOBODY.has(table) && !before.filled.includes(table));
  assert.deepEqual(unfilled, [], 'a table that may hold people is empty here: fill it, so that it is looked at');
  const counts = await assertCountersAddUp(db, sent);
  const answer = await erase({ phone: '310 444 55 66' });
  assert.equal(answer.status, 200, answer.text);
  const { blocks, recipients, not_sent, replies, refused_rows, drafts } = answer.json;
  assert.deepEqual([blocks, recipients, not_sent, replies, refused_rows, drafts], ['all', 2, 1, 2, 2, 1]);
  assert.deepEqual(tracesIn(await dump(db)), []);
  assert.deepEqual(await assertCountersAddUp(db, sent), counts);
  assert.equal((await assertCountersAddUp(db, draft)).byStatus.skipped, 1);
  const [entry] = (await door.call('GET', '/api/v1/audit?action=erasure.add')).json['data'] as { detail: unknown }[];
  assert.deepEqual(entry?.detail, { blocks: 'all' });
  // Others are as they were.
  const luis = await door.call('GET', `/api/v1/campaigns/${String(sent)}/recipients?phone=${String(OTHER)}`);
  assert.deepEqual((luis.json['data'] as { data: unknown }[])[0]?.data, { variable_1: 'Luis', variable_2: 'C-1' });
});

test('what Meta tells later moves the figures and brings nobody back; neither does a replay', async () => {
  const [campaignId] = await campaignsOf(db, OTHER);
  assert.ok(campaignId);
  const key = { campaignId, messageId: 1, attempt: 1 };
  const late = {
    ...statusItem(key, { status: 'read', at: PAST, wamid: wamidTo(PHONE, 1), to: PHONE }),
    recipient_user_id: USER_ID,
  };
  await house.post(statuses(late));
  assert.equal((await messageOf(db, campaignId)).status, 'read');
  await replayWebhooks(db, new Date(0), new Date(Date.now() + 60_000));
  await house.applyAll();
  assert.deepEqual(house.errors, []);
  assert.deepEqual(tracesIn(await dump(db)), []);
  await assertCountersAddUp(db, campaignId);
  assert.equal((await recountJournal({ db }, campaignId)).behind_total, 0);
});

test('a file that brings them again puts a number on the account and nothing on the list', async () => {
  const id = await door.campaign();
  const report = (await door.upload(id, CSV)).json;
  assert.deepEqual([report['valid_rows'], report['suppressed_rows'], report['invalid_rows']], [1, 1, 0]);
  assert.deepEqual(tracesIn(await dump(db)), []);
  const test = await door.call('GET', `/api/v1/opt-outs/${encodeURIComponent(`+${String(PHONE)}`)}/trail`);
  assert.deepEqual([test.json['opted_out'], test.json['data']], [true, []]);
});

test('the claim passes over whoever was erased, also when the list was made around the check', async () => {
  const campaignId = await makeCampaign(db, { people: [{ person: PHONE }] });
  const slice = await claim(db, { campaignId, mode: 'sandbox', limit: 5, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  assert.deepEqual(slice.messages, []);
  await erasePerson(deps, { person: { digits: PHONE }, block: true }, ANA);
  assert.deepEqual(tracesIn(await dump(db)), []);
});

test('a restored database erases at its start whoever was erased since the backup', async () => {
  const restored = 573105556677;
  await erasePerson(deps, { person: { digits: restored }, block: false }, ANA);
  assert.doesNotMatch(readFileSync(list, 'utf8'), /\d{10}(?=")/);
  // The backup knows the person and nothing of the erasure.
  const campaignId = await makeCampaign(db, {
    people: [{ person: restored, data: { variable_1: 'Restaurada', variable_2: 'x' } }],
  });
  await house.post(inbound(restored, text('soy Restaurada'), PAST - 10));
  await db.query('delete from erased_people');
  const taken = await takeUpErasedList(deps, list);
  assert.equal(taken?.again, 1);
  const { text: after } = await dump(db);
  assert.doesNotMatch(after, /3105556677|Restaurada/);
  await assertCountersAddUp(db, campaignId);
  assert.deepEqual(await takeUpErasedList(deps, list), { unknown: 0, again: 0 });
});

test('who was erased may be written to again when somebody lifts it, and a lone user id is enough to be forgotten', async () => {
  assert.equal((await door.call('DELETE', `/api/v1/opt-outs/${encodeURIComponent(`+${String(PHONE)}`)}`)).status, 200);
  const id = await door.campaign();
  assert.equal((await door.upload(id, CSV)).json['valid_rows'], 2);
  await house.post(
    messages({
      contacts: [{ profile: { name: NAME }, wa_id: String(PHONE), user_id: USER_ID }],
      messages: [{ from: String(PHONE), id: 'wamid.in.y', timestamp: String(PAST + 3_000), ...text('hola otra vez') }],
    }),
  );
  assert.equal((await erase({ user_id: 'CO.0' })).status, 404);
  assert.equal((await erase({ user_id: USER_ID, block: false })).json['recipients'], 1);
  assert.deepEqual(tracesIn(await dump(db)), []);
  assert.equal((await door.upload(await door.campaign(), CSV)).json['valid_rows'], 2);
});
