import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { verifySignature, verifySubscription } from '../../src/whatsapp/signature.ts';

const BODY = '{"object":"whatsapp_business_account"}';
const SECRET = 'test-app-secret';
const HEADER = 'sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e';

function sign(body: string | Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

test('takes what Meta signed', () => {
  assert.ok(verifySignature(Buffer.from(BODY), HEADER, [SECRET]));
  assert.ok(verifySignature(BODY, HEADER.toUpperCase().replace('SHA256', 'sha256'), [SECRET]));
});

test('takes any of several secrets, so that one can be replaced', () => {
  assert.ok(verifySignature(BODY, HEADER, ['new', SECRET]));
  assert.ok(verifySignature(BODY, HEADER, [SECRET, 'old']));
  assert.ok(!verifySignature(BODY, HEADER, ['new', 'old']));
});

test('refuses when there is no secret, and never accepts an empty one', () => {
  assert.ok(!verifySignature(BODY, HEADER, []));
  assert.ok(!verifySignature(BODY, sign(BODY, ''), ['']));
});

test('refuses a header that is missing, short, long, doubled or of another kind', () => {
  const hex = HEADER.slice(7);
  for (const header of [
    undefined,
    null,
    '',
    hex,
    `sha1=${hex}`,
    `sha256=${hex.slice(2)}`,
    `${HEADER}00`,
    [HEADER],
    `${HEADER}, ${HEADER}`,
    'sha256=zz',
  ]) {
    assert.ok(!verifySignature(BODY, header, [SECRET]));
  }
});

test('refuses a body that differs in a single byte, and takes it as bytes: the same JSON written otherwise is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, change) => {
      const header = sign(bytes, SECRET);
      assert.ok(verifySignature(bytes, header, [SECRET]));
      const altered = Uint8Array.from(bytes);
      const index = at % altered.length;
      altered[index] = (altered[index] ?? 0) ^ change;
      assert.ok(!verifySignature(altered, header, [SECRET]));
    }),
  );
  const escaped = '{"text":"\\u00e1"}';
  assert.ok(!verifySignature(JSON.stringify(JSON.parse(escaped)), sign(escaped, SECRET), [SECRET]));
});

const QUERY = { 'hub.mode': 'subscribe', 'hub.verify_token': 'token', 'hub.challenge': '1158201444' };

test('answers the handshake with the challenge', () => {
  assert.equal(verifySubscription(QUERY, 'token'), '1158201444');
});

test('refuses the handshake for another token, another mode, an empty token or a doubled parameter', () => {
  assert.equal(verifySubscription(QUERY, 'another'), undefined);
  assert.equal(verifySubscription({ ...QUERY, 'hub.mode': 'unsubscribe' }, 'token'), undefined);
  assert.equal(verifySubscription({ ...QUERY, 'hub.verify_token': '' }, ''), undefined);
  assert.equal(verifySubscription({ ...QUERY, 'hub.verify_token': ['token', 'x'] }, 'token'), undefined);
  assert.equal(verifySubscription({ 'hub.mode': 'subscribe', 'hub.verify_token': 'token' }, 'token'), undefined);
  assert.equal(verifySubscription({}, 'token'), undefined);
});
