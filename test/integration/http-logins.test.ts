import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOTP } from 'otpauth';
import { openFileDb } from '../support/db.ts';
import { type Answer, type Door, openDoor } from '../support/http.ts';

const db = await openFileDb();
/** Addresses are what X-Forwarded-For says. */
const door = await openDoor(db, { trustProxy: 1 });
const PASSWORD = 'cuatro palabras al azar';

interface Browser {
  readonly cookies: Map<string, string>;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Keeps its cookies, and comes from one address. */
function browser(address: string, on: Door = door): Browser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async call(method, path, body) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await on.call(method, path, {
        key: null,
        headers: { 'x-forwarded-for': address, 'user-agent': `Browser of ${address}`, ...(cookie === '' ? {} : { cookie }) },
        ...(body === undefined ? {} : { body }),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    },
  };
}

let nextAddress = 1;
const someAddress = (): string => `198.51.100.${String(nextAddress++)}`;

/** A fresh door, so that what others tried from the same address within the minute is not counted. */
async function person(name: string, at = browser(someAddress())): Promise<{ id: number; at: Browser }> {
  const invitation = await door.call('POST', '/api/v1/people', { body: { name, role: 'operator' } });
  const token = String(invitation.json['invitation_url']).split('#')[1];
  const accepted = await at.call('POST', '/api/v1/auth/invitation', { token, password: PASSWORD });
  assert.equal(accepted.status, 200, accepted.text);
  return { id: Number(invitation.json['id']), at };
}

const login = (at: Browser, name: string, password = PASSWORD, code?: string): Promise<Answer> =>
  at.call('POST', '/api/v1/auth/login', { name, password, ...(code === undefined ? {} : { code }) });

/** As if so many seconds had gone by since the last wrong try. */
async function later(seconds: number): Promise<void> {
  await db.query(`update login_delays set last_at = last_at - $1 * interval '1 second'`, [seconds]);
}

test('a stranger who tries a known name waits longer each time, and holds up nobody else', async () => {
  const { at: own } = await person('Lucía');
  const strange = browser('203.0.113.66');
  for (let i = 0; i < 5; i++) assert.equal((await login(strange, 'lucía', 'no es esta')).status, 401);
  for (const longest of [30, 60, 120, 240]) {
    const refused = await login(strange, 'Lucía', PASSWORD);
    assert.deepEqual([refused.status, refused.json['code']], [429, 'too_many_requests'], refused.text);
    assert.equal(refused.headers.get('retry-after'), String(refused.json['retry_after']));
    const wait = Number(refused.json['retry_after']);
    assert.ok(wait > longest / 2 && wait <= longest, `${String(wait)} of ${String(longest)} s`);
    await later(wait);
    // The route's own limit of tries a minute is each process's: the next one goes to another.
    const wrong = await login(browser('203.0.113.66', await openDoor(db, { trustProxy: 1 })), 'Lucía', 'no es esta');
    assert.equal(wrong.status, 401, wrong.text);
  }
  assert.equal((await login(own, 'Lucía')).status, 200, 'where she was logged in before');
  assert.equal((await login(browser('192.0.2.1'), 'Lucía')).status, 200, 'and from elsewhere');
});

test('behind one address with the attacker, even within the same minute, a known browser goes on', async () => {
  const address = '203.0.113.77';
  const { at: own } = await person('Pedro', browser(address));
  const strange = browser(address);
  const seen: number[] = [];
  for (let i = 0; i < 14; i++) seen.push((await login(strange, 'Pedro', 'no es esta')).status);
  assert.deepEqual(seen.slice(-4), [429, 429, 429, 429]);
  assert.equal((await login(own, 'Pedro')).status, 200);
  // What the browser of one person may, it may not for the name of another.
  const marta = browser(address);
  marta.cookies.set('wasend_device', own.cookies.get('wasend_device') ?? '');
  for (let i = 0; i < 5; i++) await login(marta, 'Lucía', 'no es esta');
  assert.equal((await login(marta, 'Lucía')).status, 429);
});

test('a failed login of a known name is in the activity, what was typed as an unknown one is nowhere', async () => {
  await person('Rosa');
  await login(browser('203.0.113.88'), 'Rosa', 'no es esta');
  await login(browser('203.0.113.88'), 'mi contraseña secreta', 'x');
  const audit = await door.call('GET', '/api/v1/audit?limit=500');
  const failed = (audit.json['data'] as { action: string; detail: Record<string, unknown> }[]).filter(
    ({ action, detail }) => action === 'person.login_failed' && detail['name'] === 'Rosa',
  );
  assert.deepEqual(
    failed.map(({ detail }) => [detail['address'], detail['wrong']]),
    [['203.0.113.88', 'password']],
  );
  assert.ok(!audit.text.includes('secreta'));
});

test('a common password is refused in a sentence, and the link stays good', async () => {
  const invitation = await door.call('POST', '/api/v1/people', { body: { name: 'Nadia', role: 'viewer' } });
  const token = String(invitation.json['invitation_url']).split('#')[1];
  const at = browser(someAddress());
  const refused = await at.call('POST', '/api/v1/auth/invitation', { token, password: 'Password123!' });
  assert.equal(refused.status, 400);
  assert.match(String(refused.json['detail']), /anybody would try/);
  assert.equal((await at.call('POST', '/api/v1/auth/invitation', { token, password: PASSWORD })).status, 200);
});

test('one sees where one is logged in, and ends one session or all others', async () => {
  const { at: first } = await person('Inés');
  const [second, third] = [browser('192.0.2.20'), browser('192.0.2.21')];
  for (const at of [second, third]) assert.equal((await login(at, 'Inés')).status, 200);
  const list = await first.call('GET', '/api/v1/auth/sessions');
  const data = list.json['data'] as { id: number; address: string; agent: string; current: boolean }[];
  assert.equal(data.length, 3);
  assert.equal(data.filter(({ current }) => current).length, 1);
  const of = data.find(({ address }) => address === '192.0.2.20');
  assert.equal(of?.agent, 'Browser of 192.0.2.20');
  const me = async (at: Browser): Promise<number> => (await at.call('GET', '/api/v1/auth/me')).status;
  const { at: stranger } = await person('Otra');
  const path = `/api/v1/auth/sessions/${String(of.id)}`;
  assert.equal((await stranger.call('DELETE', path)).status, 404);
  assert.equal((await first.call('DELETE', path)).status, 204);
  assert.deepEqual([await me(first), await me(second), await me(third)], [200, 401, 200]);
  assert.equal((await first.call('POST', '/api/v1/auth/sessions/end-others')).status, 204);
  assert.deepEqual([await me(first), await me(third)], [200, 401]);
  const key = await door.call('GET', '/api/v1/auth/sessions');
  assert.equal(key.status, 403, 'a key has none');
});

/** The figures the app shows now, or in half a minute. */
function figures(secret: string, halfMinutes = 0): string {
  return new TOTP({ secret }).generate({ timestamp: Date.now() + halfMinutes * 30_000 });
}

async function withFactor(name: string): Promise<{ id: number; at: Browser; secret: string; codes: string[] }> {
  const { id, at } = await person(name);
  const begun = await at.call('POST', '/api/v1/auth/second-factor', { password: PASSWORD });
  assert.equal(begun.status, 200, begun.text);
  const secret = String(begun.json['secret']);
  const confirmed = await at.call('POST', '/api/v1/auth/second-factor/confirm', { code: figures(secret) });
  assert.equal(confirmed.status, 200, confirmed.text);
  return { id, at, secret, codes: confirmed.json['recovery_codes'] as string[] };
}

test('a second factor is set up with the password, asked for once it is confirmed, and its codes work once', async () => {
  const { at } = await person('Elena');
  const elsewhere = browser('192.0.2.30');
  await login(elsewhere, 'Elena');
  assert.equal((await at.call('POST', '/api/v1/auth/second-factor', { password: 'no es esta' })).status, 403);
  const begun = await at.call('POST', '/api/v1/auth/second-factor', { password: PASSWORD });
  const secret = String(begun.json['secret']);
  assert.match(String(begun.json['otpauth_url']), /^otpauth:\/\/totp\/WhatsApp%20Sender:Elena\?.*secret=/);
  assert.equal((await login(elsewhere, 'Elena')).status, 200, 'not confirmed, it is asked of nobody');
  assert.equal((await at.call('POST', '/api/v1/auth/second-factor/confirm', { code: '000000' })).status, 403);
  const code = figures(secret);
  const confirmed = await at.call('POST', '/api/v1/auth/second-factor/confirm', { code });
  const codes = confirmed.json['recovery_codes'] as string[];
  assert.equal(new Set(codes).size, 10);
  assert.equal((await elsewhere.call('GET', '/api/v1/auth/me')).status, 401, 'sessions opened without it end');
  assert.equal((await at.call('GET', '/api/v1/auth/me')).status, 200);
  const state = await at.call('GET', '/api/v1/auth/second-factor');
  assert.deepEqual([state.json['enabled'], state.json['recovery_codes_left']], [true, 10]);

  const asked = await login(elsewhere, 'Elena');
  assert.deepEqual([asked.status, asked.json['code']], [401, 'second_factor_needed']);
  assert.equal((await login(elsewhere, 'Elena', 'no es esta', figures(secret, 1))).json['code'], 'not_authenticated');
  assert.equal((await login(elsewhere, 'Elena', PASSWORD, code)).status, 401, 'used already');
  const next = figures(secret, 1);
  assert.equal((await login(elsewhere, 'Elena', PASSWORD, `${next.slice(0, 3)} ${next.slice(3)}`)).status, 200);
  assert.equal((await login(elsewhere, 'Elena', PASSWORD, next)).status, 401, 'used already');
  assert.equal((await login(elsewhere, 'Elena', PASSWORD, (codes[0] ?? '').toUpperCase())).status, 200);
  assert.equal((await login(elsewhere, 'Elena', PASSWORD, codes[0])).status, 401, 'used already');
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from people where totp_secret::text like '%' || encode($1::bytea, 'hex') || '%'`,
    [Buffer.from(secret)],
  );
  assert.equal(rows[0]?.n, 0, 'the secret is not stored in the clear');
});

test('it is renewed, taken off with password and code, or by an administrator', async () => {
  const { id, at, secret, codes } = await withFactor('Carmen');
  const renewed = await at.call('POST', '/api/v1/auth/second-factor/recovery-codes', { code: figures(secret, 1) });
  const fresh = renewed.json['recovery_codes'] as string[];
  assert.equal((await login(browser('192.0.2.40'), 'Carmen', PASSWORD, codes[1])).status, 401);
  assert.equal((await at.call('POST', '/api/v1/auth/second-factor', { password: PASSWORD })).status, 409);
  const off = (password: string, code: string | undefined): Promise<Answer> =>
    at.call('POST', '/api/v1/auth/second-factor/disable', { password, code });
  assert.equal((await off('no es esta', fresh[0])).status, 403);
  assert.equal((await off(PASSWORD, codes[0])).status, 403);
  assert.equal((await off(PASSWORD, fresh[0])).status, 204);
  assert.equal((await login(browser('192.0.2.41'), 'Carmen')).status, 200);

  const other = await withFactor('Julia');
  assert.equal((await at.call('DELETE', `/api/v1/people/${String(other.id)}/second-factor`)).status, 403);
  const people = await door.call('GET', '/api/v1/people');
  const second = (people.json['data'] as { id: number; second_factor: boolean }[]).filter((one) => one.second_factor);
  assert.ok(second.some((one) => one.id === other.id) && !second.some((one) => one.id === id));
  const reset = await door.call('DELETE', `/api/v1/people/${String(other.id)}/second-factor`);
  assert.deepEqual([reset.status, reset.json['second_factor']], [200, false]);
  assert.equal((await other.at.call('GET', '/api/v1/auth/me')).status, 401);
  assert.equal((await login(browser('192.0.2.42'), 'Julia')).status, 200);
});

test('a link for a lost password does not stand in for the second factor', async () => {
  const { id, secret } = await withFactor('Teresa');
  const invitation = await door.call('POST', `/api/v1/people/${String(id)}/invitation`);
  const token = String(invitation.json['invitation_url']).split('#')[1];
  const use = (code?: string): Promise<Answer> =>
    browser(someAddress()).call('POST', '/api/v1/auth/invitation', {
      token,
      password: 'otra frase bien larga',
      ...(code === undefined ? {} : { code }),
    });
  assert.equal((await use()).json['code'], 'second_factor_needed');
  assert.equal((await use('000000')).status, 401);
  assert.equal((await use(figures(secret, 1))).status, 200);
});

test('codes are guessed no faster from many addresses than from one', async () => {
  await withFactor('Blanca');
  const answers: number[] = [];
  for (let i = 0; i < 7; i++) answers.push((await login(browser(someAddress()), 'Blanca', PASSWORD, '000000')).status);
  assert.deepEqual(answers, [401, 401, 401, 401, 401, 429, 429]);
});
