import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { metaErrorFrom, readOutcome } from '../../src/whatsapp/outcome.ts';
import { asArray, asObject } from '../../src/whatsapp/wire.ts';
import { readAccount, readPhoneNumber, readSubscribedApps } from '../../src/whatsapp/wire-reads.ts';

const FIXTURES = 'test/fixtures/meta';

function read(path: string): string {
  return readFileSync(`${FIXTURES}/${path}`, 'utf8');
}

function answer(body: unknown, status = 200): ReturnType<typeof readOutcome> {
  return readOutcome(status, {}, typeof body === 'string' ? body : JSON.stringify(body));
}

test('an id makes it accepted, with or without a status', () => {
  assert.deepEqual(answer({ messages: [{ id: 'w' }] }), { kind: 'accepted', wamid: 'w', held: false });
  assert.deepEqual(answer({ contacts: [{ wa_id: '54911' }], messages: [{ id: 'w', message_status: 'accepted' }] }), {
    kind: 'accepted',
    wamid: 'w',
    held: false,
    waId: '54911',
  });
});

test('held for quality and paused are both held', () => {
  for (const message_status of ['held_for_quality_assessment', 'paused']) {
    assert.deepEqual(answer({ messages: [{ id: 'w', message_status }] }), { kind: 'accepted', wamid: 'w', held: true });
  }
});

test('an answer without an id is unknown, whatever else it holds', () => {
  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"messages":[]}',
    '{"messages":[{"id":""}]}',
    '{"messages":[{"id":7}]}',
    '<html>',
  ]) {
    assert.deepEqual(answer(body), { kind: 'unknown', reason: 'http_200_unreadable' }, body);
  }
});

test('an error that cannot be read is unknown unless it is a 429', () => {
  for (const status of [302, 400, 404, 500, 502, 503]) {
    assert.deepEqual(answer('<html>', status), { kind: 'unknown', reason: `http_${String(status)}_unreadable` });
    assert.equal(answer({ error: { message: 'no code' } }, status).kind, 'unknown');
  }
  assert.deepEqual(answer('<html>', 429), {
    kind: 'rejected',
    error: { code: 429, message: 'Too many requests', httpStatus: 429 },
  });
});

test('an id in an error answer does not make it accepted', () => {
  assert.equal(answer({ messages: [{ id: 'w' }] }, 500).kind, 'unknown');
});

test('an error in an answer of status 200 is still a refusal', () => {
  assert.equal(answer({ error: { code: 131000, message: 'm' } }).kind, 'rejected');
});

test('reads details from an object, from plain text, and from the words for people', () => {
  assert.equal(metaErrorFrom({ code: 1, error_data: { details: 'd' } })?.details, 'd');
  assert.equal(metaErrorFrom({ code: 1, error_data: 'text' })?.details, 'text');
  assert.equal(metaErrorFrom({ code: 1, error_user_msg: 'words' })?.details, 'words');
  assert.equal(metaErrorFrom({ code: 1, error_data: 7 })?.details, undefined);
});

test('reads the error of a webhook, which has a title and perhaps no message', () => {
  assert.deepEqual(metaErrorFrom({ code: '131026', title: 'Message undeliverable' }), {
    code: 131026,
    message: 'Message undeliverable',
  });
});

test('takes the longest wait Meta asks for, in seconds', () => {
  const usage = JSON.stringify({ 9: [{ estimated_time_to_regain_access: 0 }, { estimated_time_to_regain_access: 3 }] });
  const body = JSON.stringify({ error: { code: 80007, message: 'm' } });
  assert.deepEqual(readOutcome(400, { 'x-business-use-case-usage': usage }, body), {
    kind: 'rejected',
    error: { code: 80007, message: 'm', httpStatus: 400, retryAfterSeconds: 180 },
  });
  for (const odd of ['', '{', '[]', '{"9":7}', '{"9":[null]}']) {
    const outcome = readOutcome(400, { 'x-business-use-case-usage': odd, 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, body);
    assert.ok(outcome.kind === 'rejected' && outcome.error.retryAfterSeconds === undefined);
  }
});

test('never throws on an answer of any content', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, body) => {
      assert.ok(['accepted', 'rejected', 'unknown'].includes(readOutcome(status, {}, body).kind));
    }),
  );
});

for (const file of readdirSync(`${FIXTURES}/errors`)) {
  test(`reads the recorded error ${file}`, () => {
    const status = Number(/-(\d{3})-/.exec(file)?.[1]);
    const outcome = readOutcome(status, {}, read(`errors/${file}`));
    assert.ok(outcome.kind === 'rejected');
    assert.ok(outcome.error.code > 0 && outcome.error.message !== '' && outcome.error.fbtraceId !== undefined);
    assert.equal(outcome.error.httpStatus, status);
  });
}

for (const file of readdirSync(`${FIXTURES}/responses`)) {
  test(`reads the recorded answer ${file}`, () => {
    const body = read(`responses/${file}`);
    const json = asObject(JSON.parse(body) as unknown);
    assert.ok(json !== undefined);
    if (/-(messages|marketing-messages)-/.test(file)) assert.equal(readOutcome(200, {}, body).kind, 'accepted');
    else if (file.includes('-phone-numbers-'))
      assert.ok(asArray(json['data']).every((one) => readPhoneNumber(asObject(one) ?? {}) !== undefined));
    else if (file.includes('-phone-number-')) assert.ok(readPhoneNumber(json)?.displayPhoneNumber !== undefined);
    else if (file.includes('-waba-')) assert.ok(readAccount(json)?.name !== undefined);
    else if (file.includes('-subscribed-apps-get-')) assert.equal(readSubscribedApps(json)?.length, asArray(json['data']).length);
    else assert.ok(json['id'] !== undefined || json['success'] === true || json['data'] !== undefined, file);
  });
}

for (const file of readdirSync(`${FIXTURES}/templates`)) {
  test(`the recorded template ${file} is an object with the keys of its kind`, () => {
    const json = asObject(JSON.parse(read(`templates/${file}`)) as unknown);
    assert.ok(json !== undefined);
    if (file.includes('-send-') || file.includes('-mm-')) assert.equal(json['messaging_product'], 'whatsapp');
    else if (file.includes('message-templates')) assert.ok(asArray(json['data']).length > 0);
    else assert.equal(typeof json['name'], 'string');
  });
}
