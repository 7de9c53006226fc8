import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkPassword } from '../../src/auth/check-password.ts';
import { deviceOf, newDevice } from '../../src/auth/known-device.ts';
import { invitationUrl } from '../../src/auth/links.ts';
import { hashPassword, newToken, open, sameSecret, seal, verifyPassword } from '../../src/auth/secrets.ts';
import { networkOf } from '../../src/lib/http/client-network.ts';
import { toProblem } from '../../src/lib/http/errors.ts';
import { RouteBook } from '../../src/lib/http/not-found.ts';
import { believedProxies } from '../../src/lib/http/proxies.ts';
import { frame } from '../../src/lib/http/sse.ts';
import { Problem } from '../../src/lib/problem.ts';
import { languageOf } from '../../src/lib/words/words.ts';
import { documentFor } from '../../src/page/page.ts';
import { historyOf } from '../../src/recipients/schema.ts';

test('so many proxies are believed, and the nearest of them only on a network of ours', () => {
  const believed = believedProxies(2);
  assert.ok(typeof believed === 'function');
  for (const near of [
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.9',
    '100.64.0.1',
    '::ffff:10.0.0.1',
    'fd12::1',
    'fe80::1',
  ])
    assert.ok(believed(near, 0), near);
  for (const far of ['203.0.113.9', '172.32.0.1', '::ffff:203.0.113.9', '2001:db8::1', 'garbage'])
    assert.ok(!believed(far, 0), far);
  assert.ok(believed('203.0.113.9', 1));
  assert.ok(!believed('10.0.0.1', 2));
  assert.equal(believedProxies(0), false);
  assert.deepEqual(believedProxies(['loopback']), ['loopback']);
});

test('the first language of the browser that the page speaks wins, English when there is none', () => {
  for (const [header, language] of [
    [undefined, 'en'],
    ['', 'en'],
    ['es', 'es'],
    ['es-CO,es;q=0.9,en;q=0.8', 'es'],
    ['en-US,en;q=0.9,es;q=0.8', 'en'],
    ['fr,es;q=0.5,en;q=0.4', 'es'],
    ['en;q=0,es;q=0.1', 'es'],
    ['*', 'en'],
  ] as const) {
    assert.equal(languageOf(header), language, header);
  }
});

test('any Accept-Language at all gives a language', () => {
  fc.assert(fc.property(fc.string(), (header) => ['en', 'es'].includes(languageOf(header))));
});

test('an event is one frame of lines whatever is in it', () => {
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), fc.jsonValue(), (id, data) => {
      const text = frame({ id, data });
      assert.ok(text.endsWith('\n\n'));
      const lines = text.slice(0, -2).split(/\r\n|\r|\n/);
      assert.equal(lines.length, id === undefined ? 1 : 2);
      assert.deepEqual(JSON.parse(lines.at(-1)?.slice('data: '.length) ?? ''), JSON.parse(JSON.stringify(data)));
    }),
  );
});

test('a password is known again, whichever way its accents were typed, and no other is', async () => {
  const stored = await hashPassword('contraseña larga');
  assert.ok(!stored.includes('contraseña'));
  assert.equal(await verifyPassword('contrasen\u0303a larga', stored, { known: false }), true);
  assert.equal(await verifyPassword('contraseña larga ', stored, { known: false }), false);
  assert.notEqual(await hashPassword('contraseña larga'), stored);
});

test('a name nobody has is no, after the same work', async () => {
  assert.equal(await verifyPassword('', undefined, { known: false }), false);
  assert.equal(await verifyPassword('anything', undefined, { known: false }), false);
});

test('a flood of strangers waits in a bounded row, and whoever was here before goes first', async () => {
  const outcomes: string[] = [];
  const verify = (known: boolean, label: string): Promise<unknown> =>
    verifyPassword('x', undefined, { known }).then(
      () => outcomes.push(label),
      (error: unknown) => outcomes.push(error instanceof Problem ? `${label} ${error.code}` : String(error)),
    );
  const strangers = Array.from({ length: 20 }, () => verify(false, 'stranger'));
  await Promise.all([...strangers, verify(true, 'known')]);
  assert.deepEqual(outcomes.slice(0, 2), ['stranger overloaded', 'stranger overloaded'], 'two at once and sixteen in the row');
  assert.equal(outcomes.filter((outcome) => outcome === 'stranger').length, 18);
  // Behind the two that were at work when it came, and perhaps the one that is worked on beside it.
  assert.ok(outcomes.indexOf('known') <= 5, outcomes.join());
});

test('what is sealed with one secret opens with no other, and not when a bit of it changed', () => {
  const sealed = seal('one secret', Buffer.from('JBSWY3DP'));
  assert.equal(open('one secret', sealed)?.toString(), 'JBSWY3DP');
  assert.equal(open('another secret', sealed), undefined);
  assert.ok(!seal('one secret', Buffer.from('JBSWY3DP')).equals(sealed));
  for (const at of [0, 13, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(open('one secret', changed), undefined);
  }
});

test('a browser is known by a token that nobody else can make', () => {
  const token = newDevice('one secret', 7);
  assert.equal(deviceOf('one secret', token)?.personId, 7);
  for (const other of [undefined, '', 'a.b.c', token.replace('7.', '8.'), `${token}.x`, 'x'.repeat(300), '7..'])
    assert.equal(deviceOf('one secret', other), undefined);
  assert.equal(deviceOf('another secret', token), undefined);
});

test('passwords that anybody would try are refused, also dressed up; four random words are taken', async () => {
  for (const common of [
    'corta',
    '1234567890',
    'qwertyuiop',
    'password123!',
    'Contraseña2026',
    'whatsapp12345',
    '!!!Colombia2026!!!',
    'aaaaaaaaaaaaaa',
    'Marta Rincón 1',
  ])
    await assert.rejects(checkPassword(common, 'Marta Rincón'), Problem, common);
  await checkPassword('cuatro palabras al azar', 'Marta Rincón');
  await checkPassword('correct horse battery staple', undefined);
  await checkPassword('k3jx-9fpq-zz81', '123');
});

test('an address counts alone, and a whole IPv6 line as one', () => {
  for (const [address, network] of [
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::7', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ] as const)
    assert.equal(networkOf(address), network, address);
});

test('tokens differ and are compared whole', () => {
  const token = newToken('wsk_');
  assert.match(token, /^wsk_[\w-]{43}$/);
  assert.notEqual(newToken('wsk_'), token);
  assert.equal(sameSecret(token, token), true);
  assert.equal(sameSecret(token.slice(0, -1), token), false);
});

test('errors of the socket to the database are "not now", those of a statement are bugs', () => {
  const coded = (message: string, code: string, more: object = {}): Error => Object.assign(new Error(message), { code }, more);
  for (const error of [
    coded('connect ECONNREFUSED', 'ECONNREFUSED', { syscall: 'connect' }),
    coded('terminating connection due to administrator command', '57P01'),
    coded('too many connections', '53300'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ]) {
    assert.equal(toProblem(error)?.code, 'not_ready', error.message);
  }
  for (const error of [
    coded('duplicate key', '23505'),
    coded('no such file', 'ENOENT', { syscall: 'open' }),
    new Error('boom'),
    'text',
    undefined,
  ]) {
    assert.equal(toProblem(error), undefined, String(error));
  }
  const own = new Problem('campaign_not_found', 'x');
  assert.equal(toProblem(own), own);
});

test('the route book knows the methods of an address, parameters included', () => {
  const book = new RouteBook();
  const handler = (): void => undefined;
  book.add({ url: '/a/:id/b.csv', method: 'GET', handler });
  book.add({ url: '/a/:id/b.csv', method: ['POST', 'PUT'], handler });
  assert.deepEqual(book.methodsOf('/a/7/b.csv'), ['GET', 'POST', 'PUT']);
  assert.deepEqual(book.methodsOf('/a/7/bxcsv'), []);
  assert.deepEqual(book.methodsOf('/a/7/8/b.csv'), []);
});

test('the token of an invitation stands where no browser sends it', () => {
  assert.equal(invitationUrl('https://wa.example.com/', 'abc'), 'https://wa.example.com/invitation#abc');
});

test('the document of the page escapes what it is given, as markup and as data', () => {
  const built = { document: '<html lang="xx"><head><title>x</title></head></html>', files: new Map(), wordsOf: {} };
  const name = `</script></title><img src=x onerror='1'>$&`;
  const facts = { name, version: '1', mode: 'live', session: false } as const;
  const page = documentFor(built, { language: 'es', theme: 'dark' }, facts);
  assert.ok(!page.includes('<img') && !page.includes('</script></title>'), page);
  assert.ok(page.startsWith('<html lang="es" data-theme="dark">'), page);
  const data = /<script type="application\/json" id="facts">(.*?)<\/script>/.exec(page)?.[1];
  assert.deepEqual(JSON.parse(data ?? ''), facts);
});

test('a history tells each step after the one it follows, though Meta tells whole seconds and our clock may be ahead', () => {
  const at = (time: string): Date => new Date(`2026-11-24T10:00:${time}Z`);
  const row = {
    ...{ id: 1, phone: 573_001_234_567, row: 2, data: {}, due: '-infinity', wamid: 'w', error_code: null, reason: null },
    ...({ status: 'read', attempt: 2, price_micros: null, failed_at: null } as const),
    accepted_at: at('05.600'),
    sent_at: at('05'),
    delivered_at: at('06'),
    read_at: at('06'),
  };
  const retry = { at: at('01.5'), attempt: 1, kind: 'retry', data: {} };
  const kinds = (changes: Partial<typeof row>): string[] => historyOf({ ...row, ...changes }, [retry]).map(({ kind }) => kind);
  assert.deepEqual(kinds({}), ['retry', 'accepted', 'sent', 'delivered', 'read']);
  assert.deepEqual(kinds({ accepted_at: at('59') }), ['retry', 'accepted', 'sent', 'delivered', 'read']);
  assert.equal(historyOf(row, [])[1]?.at, '2026-11-24T10:00:05.000Z', 'its time stays as Meta told it');
});
