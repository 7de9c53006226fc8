import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildServer } from '../../src/app/server.ts';
import { ensureAdminKey } from '../../src/auth/api-keys.ts';
import { ensureSetupInvitation, type Invitation } from '../../src/auth/users.ts';
import { sendTest } from '../../src/campaigns/send-test.ts';
import type { RouteBook } from '../../src/lib/http/not-found.ts';
import { ANA } from '../support/actor.ts';
import { openFileDb, openTestDb } from '../support/db.ts';
import { type Door, openDoor, textOf } from '../support/http.ts';

const db = await openFileDb();
const door = await openDoor(db);
const PASSWORD = 'cuatro palabras al azar';

function cookieOf(headers: Headers): string {
  const [cookie = ''] = headers.getSetCookie();
  return cookie.split(';', 1)[0] ?? '';
}

async function invited(on: Door, name: string, role: string): Promise<{ cookie: string; id: number }> {
  const invitation = await on.call('POST', '/api/v1/people', { body: { name, role } });
  assert.equal(invitation.status, 201, invitation.text);
  const token = String(invitation.json['invitation_url']).split('#')[1];
  const accepted = await on.call('POST', '/api/v1/auth/invitation', { key: null, body: { token, password: PASSWORD } });
  assert.equal(accepted.status, 200, accepted.text);
  return { cookie: cookieOf(accepted.headers), id: Number(invitation.json['id']) };
}

/** Every route that was registered, with something in the place of its parameters. */
function routesOf(on: Door): { method: string; path: string; access: string | undefined }[] {
  return on.server
    .getDecorator<RouteBook>('routes')
    .all()
    .flatMap(({ url, methods, access }) => methods.map((method) => ({ method, path: url.replace(/:[a-z_]+/g, '1'), access })))
    .filter(({ method, path }) => method !== 'HEAD' && !path.startsWith('/api/docs'));
}

/** The page's own addresses: its document holds no data, and all it asks for afterwards needs a login. */
const PAGE = ['login', 'invitation', 'campaigns', 'templates', 'opt-outs', 'replies', 'system', 'activity', 'settings'];
const OPEN = new Set([
  'GET /',
  'GET /assets/1',
  ...PAGE.flatMap((address) => [`GET /${address}`, `GET /${address}/*`]),
  'GET /favicon.ico',
  'GET /api/openapi.json',
  'GET /api/redoc',
  'GET /api/redoc/redoc.standalone.js',
  'GET /health/live',
  'GET /health/ready',
  'GET /api/v1/webhooks/whatsapp',
  'POST /api/v1/webhooks/whatsapp',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/logout',
  'POST /api/v1/auth/invitation',
  'POST /api/v1/auth/invitation/look',
]);

test('every route but health, webhook, login, pages and documents needs a key', async () => {
  const routes = routesOf(door);
  assert.ok(routes.length > 50, `only ${String(routes.length)} routes`);
  for (const { method, path, access } of routes) {
    const isOpen = OPEN.has(`${method} ${path}`);
    assert.equal(access === 'public', isOpen, `${method} ${path} is ${access}`);
    const answer = await door.call(method, path, { key: null, ...(method === 'GET' ? {} : { body: {} }) });
    if (isOpen) assert.notEqual(answer.status, 500, `${method} ${path}`);
    else
      assert.deepEqual(
        [answer.status, answer.json['code'], answer.headers.get('www-authenticate')],
        [401, 'not_authenticated', 'Bearer realm="whatsapp-sender"'],
        `${method} ${path}`,
      );
  }
});

test('a route that does not say who may call it is not registered', async () => {
  const server = await buildServer(door.deps);
  assert.throws(() => server.get('/api/v1/forgotten', () => 'open'), /does not say who may call it/);
  await server.close();
});

test('a viewer changes nothing: every unsafe route that is not their own affair is 403', async () => {
  const viewer = await door.key('read');
  const list = await door.call('GET', '/api/v1/campaigns', { key: viewer });
  assert.equal(list.headers.get('cache-control'), 'no-store', 'nothing that needs a right stays in a browser or a proxy');
  const own = new Set([
    'POST /api/v1/events/ticket',
    'POST /api/v1/auth/password',
    'POST /api/v1/auth/logout-everywhere',
    'DELETE /api/v1/auth/sessions/1',
    'POST /api/v1/auth/sessions/end-others',
    'POST /api/v1/auth/second-factor',
    'POST /api/v1/auth/second-factor/confirm',
    'POST /api/v1/auth/second-factor/recovery-codes',
    'POST /api/v1/auth/second-factor/disable',
    'POST /api/v1/templates/1/preview',
  ]);
  for (const { method, path } of routesOf(door)) {
    if (method === 'GET' || OPEN.has(`${method} ${path}`) || own.has(`${method} ${path}`)) continue;
    const answer = await door.call(method, path, { key: viewer, body: {} });
    assert.deepEqual([answer.status, answer.json['code']], [403, 'not_allowed'], `${method} ${path}`);
  }
});

test('a key without send may make a campaign and not start it', async () => {
  const key = await door.key('read', 'write');
  const made = await door.call('POST', '/api/v1/campaigns', {
    key,
    body: { name: 'x', template_name: 'bienvenida', template_language: 'es' },
  });
  assert.equal(made.status, 201, made.text);
  const started = await door.call('POST', `/api/v1/campaigns/${String(made.json['id'])}/start`, { key });
  assert.equal(started.status, 403);
  assert.match(String(started.json['detail']), /"send"/);
});

test('without send nobody makes a campaign start by itself, and half of the request is not done either', async () => {
  const key = await door.key('read', 'write');
  const body = { name: 'sola', template_name: 'bienvenida', template_language: 'es', scheduled_at: '2099-01-31T14:00:00Z' };
  const made = await door.call('POST', '/api/v1/campaigns', { key, body });
  assert.deepEqual([made.status, made.json['scope']], [403, 'send']);
  assert.equal((await door.call('GET', '/api/v1/campaigns?search=sola')).json['total'], 0);
  assert.equal((await door.call('POST', '/api/v1/campaigns', { key, body: { ...body, scheduled_at: null } })).status, 201);
  const path = `/api/v1/campaigns/${String(await door.campaign('De antes'))}`;
  const changed = await door.call('PUT', path, { key, body: { name: 'De después', scheduled_at: body.scheduled_at } });
  assert.deepEqual([changed.status, changed.json['scope']], [403, 'send']);
  const now = (await door.call('GET', path)).json;
  assert.deepEqual([now['name'], now['status']], ['De antes', 'draft']);
  assert.equal((await door.call('PUT', path, { body: { scheduled_at: body.scheduled_at } })).json['status'], 'scheduled');
  assert.equal((await door.call('PUT', path, { key, body: { scheduled_at: null } })).json['status'], 'draft');
});

test('without send nobody is added where they would be written to at once', async () => {
  const key = await door.key('read', 'write');
  const authorization = `Bearer ${key}`;
  const csv = (n: number): string => `phone,variable_1,variable_2\n+57300123${String(4000 + n)},Juan,Pérez\n`;
  const id = await door.campaign();
  const path = `/api/v1/campaigns/${String(id)}`;
  assert.equal((await door.upload(id, csv(1), { authorization })).status, 200);
  const refused = async (status: string): Promise<void> => {
    assert.equal((await door.call('GET', path)).json['status'], status);
    const answer = await door.upload(id, csv(2), { authorization });
    assert.deepEqual([answer.status, answer.json['scope']], [403, 'send'], status);
    assert.equal((await door.call('GET', path)).json['total_recipients'], 1);
  };
  await door.call('POST', `${path}/schedule`, { body: { scheduled_at: '2099-01-31T14:00:00Z' } });
  await refused('scheduled');
  await door.call('POST', `${path}/unschedule`);
  await door.call('POST', `${path}/start`);
  await refused('running');
  await db.query(`update campaigns set status = 'completed', completed_at = clock_timestamp() where id = $1`, [id]);
  await refused('completed');
});

test('a key is shown once, its use is noted, and a revoked one opens nothing', async () => {
  const made = await door.call('POST', '/api/v1/keys', { body: { name: 'CRM', scopes: ['read'] } });
  const key = String(made.json['key']);
  assert.match(key, /^wsk_[\w-]{43}$/);
  assert.equal((await door.call('GET', '/api/v1/campaigns', { key })).status, 200);
  const list = await door.call('GET', '/api/v1/keys');
  assert.ok(!list.text.includes(key));
  const data = list.json['data'] as { id: number; last_used_at: string | null; revoked_at: string | null }[];
  assert.notEqual(data.find(({ id }) => id === made.json['id'])?.last_used_at, null);
  assert.equal((await door.call('DELETE', `/api/v1/keys/${String(made.json['id'])}`)).status, 200);
  assert.equal((await door.call('GET', '/api/v1/campaigns', { key })).status, 401);
  assert.equal((await db.query('select from api_keys where hash = $1', [Buffer.from(key)])).rowCount, 0);
});

test('an expired key opens nothing, and a key cannot be born expired', async () => {
  const born = await door.call('POST', '/api/v1/keys', {
    body: { name: 'old', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' },
  });
  assert.equal(born.status, 400);
  const key = await door.key('read');
  await db.query(`update api_keys set expires_at = clock_timestamp() - interval '1 second' where prefix = $1`, [
    key.slice(0, 10),
  ]);
  assert.equal((await door.call('GET', '/api/v1/campaigns', { key })).status, 401);
});

test('a key for figures reads the figures and nothing else; a key that reads may read them too', async () => {
  const key = await door.key('metrics');
  assert.equal((await door.call('GET', '/metrics', { key })).status, 200);
  assert.equal((await door.call('GET', '/metrics', { key: await door.key('read') })).status, 200);
  assert.equal((await door.call('GET', '/metrics', { key: await door.key('write') })).status, 403);
  for (const { method, path, access } of routesOf(door)) {
    if (access === 'public' || path === '/metrics') continue;
    const answer = await door.call(method, path, { key, ...(method === 'GET' ? {} : { body: {} }) });
    assert.equal(answer.status, 403, `${method} ${path}`);
  }
});

test('malformed and foreign keys are refused', async () => {
  for (const authorization of ['Bearer', 'Bearer ', 'Basic YTpi', 'Bearer wsk_x', `Bearer ${'x'.repeat(500)}`]) {
    const answer = await door.call('GET', '/api/v1/campaigns', { key: null, headers: { authorization } });
    assert.equal(answer.status, 401, authorization);
  }
});

test('somebody invited sets a password, is logged in by cookie, and the link is used up', async () => {
  const invitation = await door.call('POST', '/api/v1/people', { body: { name: 'Lucía', role: 'operator' } });
  const token = String(invitation.json['invitation_url']).split('#')[1] ?? '';
  const look = await door.call('POST', '/api/v1/auth/invitation/look', { key: null, body: { token } });
  assert.equal(look.json['name'], 'Lucía');
  const short = await door.call('POST', '/api/v1/auth/invitation', { key: null, body: { token, password: 'corta' } });
  assert.equal(short.status, 400);
  const [one, two] = await Promise.all(
    [1, 2].map(() => door.call('POST', '/api/v1/auth/invitation', { key: null, body: { token, password: PASSWORD } })),
  );
  assert.deepEqual([one?.status, two?.status].sort(), [200, 404]);
  const { headers } = one?.status === 200 ? one : (two ?? { headers: new Headers() });
  const [setCookie = ''] = headers.getSetCookie();
  assert.match(setCookie, /HttpOnly/);
  assert.match(setCookie, /SameSite=Lax/);
  const me = await door.call('GET', '/api/v1/auth/me', { key: null, headers: { cookie: cookieOf(headers) } });
  assert.deepEqual([me.json['name'], me.json['role'], me.json['scopes']], ['Lucía', 'operator', ['read', 'write', 'send']]);
});

test('a wrong password and an unknown name get the same answer', async () => {
  const fresh = await openDoor(db);
  await invited(fresh, 'Pedro', 'viewer');
  const wrong = await fresh.call('POST', '/api/v1/auth/login', { key: null, body: { name: 'Pedro', password: 'no es esta' } });
  const unknown = await fresh.call('POST', '/api/v1/auth/login', { key: null, body: { name: 'Nadie', password: 'no es esta' } });
  assert.deepEqual([wrong.status, wrong.json['detail']], [401, unknown.json['detail']]);
  const right = await fresh.call('POST', '/api/v1/auth/login', { key: null, body: { name: 'pedro', password: PASSWORD } });
  assert.equal(right.status, 200);
});

test('logging in is limited to a few tries a minute', async () => {
  const fresh = await openDoor(db);
  const tries: number[] = [];
  for (let i = 0; i < 12; i++)
    tries.push((await fresh.call('POST', '/api/v1/auth/invitation/look', { key: null, body: { token: 'guess' } })).status);
  assert.deepEqual(tries.slice(0, 10), Array(10).fill(404));
  assert.deepEqual(tries.slice(10), [429, 429]);
  const answer = await fresh.call('POST', '/api/v1/auth/invitation/look', { key: null, body: { token: 'guess' } });
  assert.equal(answer.json['code'], 'too_many_requests');
  assert.notEqual(answer.headers.get('retry-after'), null);
});

test('a request with the cookie that changes something must come from our own page', async () => {
  const fresh = await openDoor(db);
  const { cookie } = await invited(fresh, 'Marta', 'operator');
  const body = { name: 'x', template_name: 'bienvenida', template_language: 'es' };
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await fresh.call('POST', '/api/v1/campaigns', { key: null, body, headers: { cookie, ...headers } })).status;
  assert.equal(await post({ origin: 'https://evil.example' }), 403);
  assert.equal(await post({ origin: 'http://localhost:5173' }), 403);
  assert.equal(await post({ origin: 'null' }), 403);
  assert.equal(await post({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await post({ origin: fresh.url }), 201);
  assert.equal(await post({}), 201);
  const read = await fresh.call('GET', '/api/v1/campaigns', { key: null, headers: { cookie, origin: 'https://evil.example' } });
  assert.equal(read.status, 200);
  assert.equal(read.headers.get('access-control-allow-origin'), null);
});

test('logging in from another page is refused, so nobody is logged into a stranger’s account', async () => {
  const answer = await door.call('POST', '/api/v1/auth/login', {
    key: null,
    body: { name: 'a', password: 'b' },
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(answer.status, 403);
});

test('guessing the password of one name is limited whatever address the tries come from, and whichever process they go to', async () => {
  const doors = [await openDoor(db, { trustProxy: 1 }), await openDoor(db, { trustProxy: 1 })];
  const login = (name: string, i: number) =>
    (doors[i % 2] ?? door).call('POST', '/api/v1/auth/login', {
      key: null,
      body: { name, password: 'no es esta' },
      headers: { 'x-forwarded-for': `203.0.113.${String(i)}` },
    });
  for (let i = 0; i < 20; i++) assert.equal((await login('Víctima', i)).status, 401);
  const more = await login(' víctima', 21);
  assert.deepEqual([more.status, more.json['code']], [429, 'too_many_requests']);
  assert.notEqual(more.headers.get('retry-after'), null);
  assert.equal((await login('Otra', 22)).status, 401);
});

test('logout, disabling and a new password end sessions', async () => {
  const fresh = await openDoor(db);
  const { cookie, id } = await invited(fresh, 'Sofía', 'operator');
  const me = async (which: string): Promise<number> =>
    (await fresh.call('GET', '/api/v1/auth/me', { key: null, headers: { cookie: which } })).status;
  const second = cookieOf(
    (await fresh.call('POST', '/api/v1/auth/login', { key: null, body: { name: 'Sofía', password: PASSWORD } })).headers,
  );
  const changed = await fresh.call('POST', '/api/v1/auth/password', {
    key: null,
    headers: { cookie },
    body: { current_password: PASSWORD, password: 'otra frase bien larga' },
  });
  assert.equal(changed.status, 204, changed.text);
  assert.deepEqual([await me(cookie), await me(second)], [200, 401]);
  const third = cookieOf(
    (await fresh.call('POST', '/api/v1/auth/login', { key: null, body: { name: 'Sofía', password: 'otra frase bien larga' } }))
      .headers,
  );
  await fresh.call('POST', '/api/v1/auth/logout', { key: null, headers: { cookie: third } });
  assert.deepEqual([await me(cookie), await me(third)], [200, 401]);
  await fresh.call('PUT', `/api/v1/people/${String(id)}`, { body: { disabled: true } });
  assert.equal(await me(cookie), 401);
  const login = await fresh.call('POST', '/api/v1/auth/login', {
    key: null,
    body: { name: 'Sofía', password: 'otra frase bien larga' },
  });
  assert.equal(login.status, 401);
});

test('the last administrator cannot be disabled or demoted', async (t) => {
  const fresh = await openDoor(await openTestDb(t));
  const { id } = await invited(fresh, 'Jefa', 'admin');
  for (const body of [{ disabled: true }, { role: 'viewer' }]) {
    const answer = await fresh.call('PUT', `/api/v1/people/${String(id)}`, { body });
    assert.deepEqual([answer.status, answer.json['code']], [409, 'conflict']);
  }
  await invited(fresh, 'Otra jefa', 'admin');
  assert.equal((await fresh.call('PUT', `/api/v1/people/${String(id)}`, { body: { role: 'viewer' } })).status, 200);
  await fresh.server.close();
});

test('the first administrator is made by the link of the first start, and by no later one', async (t) => {
  const own = await openTestDb(t);
  const fresh = await openDoor(own);
  const access = fresh.deps;
  const old = (await ensureSetupInvitation(access)) as Invitation;
  const link = (await ensureSetupInvitation(access)) as Invitation;
  const accept = (token: string, name?: string) =>
    fresh.call('POST', '/api/v1/auth/invitation', {
      key: null,
      body: { token, password: PASSWORD, ...(name === undefined ? {} : { name }) },
    });
  assert.equal((await accept(old.token, 'Ana')).status, 404);
  assert.equal((await accept(link.token)).status, 400);
  const first = await accept(link.token, 'Ana');
  assert.deepEqual([first.status, first.json['role']], [200, 'admin']);
  assert.equal(await ensureSetupInvitation(access), undefined);
  await fresh.server.close();
});

test('without a key in the settings one is made once, and again only when none works any more', async (t) => {
  const own = await openTestDb(t);
  const access = { db: own, secretKey: 's'.repeat(32), adminApiKey: undefined, authMode: 'required' as const };
  const [one, two] = await Promise.all([ensureAdminKey(access), ensureAdminKey(access)]);
  assert.equal([one.created, two.created].filter((key) => key !== undefined).length, 1);
  assert.deepEqual(await ensureAdminKey(access), {});
  await own.query('update api_keys set revoked_at = now()');
  assert.match((await ensureAdminKey(access)).created ?? '', /^wsk_/);
});

test('with keys switched off everything is open to this machine, and to no other page or name', async (t) => {
  const own = await openTestDb(t);
  const fresh = await openDoor(own, { authMode: 'none' });
  const me = await fresh.call('GET', '/api/v1/auth/me', { key: null });
  assert.deepEqual([me.status, me.json['kind'], me.json['role']], [200, 'local', 'admin']);
  const body = { name: 'x', template_name: 'bienvenida', template_language: 'es' };
  assert.equal((await fresh.call('POST', '/api/v1/campaigns', { key: null, body })).status, 201);
  assert.equal(
    (await fresh.call('POST', '/api/v1/campaigns', { key: null, body, headers: { origin: 'https://evil.example' } })).status,
    403,
  );
  assert.equal(
    (await fresh.call('POST', '/api/v1/campaigns', { key: null, body, headers: { origin: 'http://localhost:5173' } })).status,
    201,
  );
  const { request } = await import('undici');
  const rebound = await request(`${fresh.url}/api/v1/campaigns`, { headers: { host: 'evil.example' } });
  assert.equal(rebound.statusCode, 403);
  await rebound.body.dump();
  for (const header of ['x-forwarded-for', 'forwarded', 'via']) {
    const through = await fresh.call('GET', '/api/v1/campaigns', { key: null, headers: { [header]: '203.0.113.9' } });
    assert.deepEqual([through.status, through.json['code']], [403, 'not_allowed'], header);
  }
  await fresh.server.close();
});

test('an action and its entry in the audit trail come about together, or neither does', async (t) => {
  const own = await openTestDb(t);
  const fresh = await openDoor(own);
  const id = await fresh.campaign();
  const path = `/api/v1/campaigns/${String(id)}`;
  await fresh.upload(id, 'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n');
  const later = { scheduled_at: '2099-01-31T14:00:00Z' };
  const cannotBeWritten = async (action: () => Promise<{ status: number; text: string }>): Promise<void> => {
    // As a crash between the two would leave it.
    await own.query(`alter table audit add constraint never check (action like 'key.%') not valid`);
    const answer = await action();
    await own.query('alter table audit drop constraint never');
    assert.equal(answer.status, 500, answer.text);
  };
  const fails = (method: string, rest: string, body?: unknown): Promise<void> =>
    cannotBeWritten(() => fresh.call(method, rest.startsWith('/api/') ? rest : path + rest, body === undefined ? {} : { body }));
  const stands = async (): Promise<unknown[]> => {
    const { json } = await fresh.call('GET', path);
    return [json['name'], json['status']];
  };
  const form = new FormData();
  form.append('file', new Blob(['Recipient-Phone-Number,variable_1,variable_2\n+573001234568,Ana,Ruiz\n']), 'x.csv');
  await cannotBeWritten(() => fresh.call('POST', `${path}/upload-recipients`, { body: form }));
  assert.equal((await fresh.call('GET', path)).json['total_recipients'], 1);
  await own.query(`update tallies set n = n + 1 where campaign_id = $1 and what = 'box'`, [id]);
  await fails('POST', '/recount');
  assert.equal((await fresh.call('GET', path)).json['total_recipients'], 2, 'nothing was put right');
  await fresh.call('POST', `${path}/recount`);
  assert.equal((await fresh.call('GET', path)).json['total_recipients'], 1);
  await fails('POST', '/api/v1/opt-outs', { phone: '+573001234569' });
  assert.equal((await fresh.call('GET', '/api/v1/opt-outs')).json['total'], 0);
  await fresh.call('POST', '/api/v1/opt-outs', { body: { phone: '+573001234569' } });
  await fails('DELETE', '/api/v1/opt-outs/+573001234569');
  assert.equal((await fresh.call('GET', '/api/v1/opt-outs')).json['total'], 1);
  await own.query(`insert into webhook_events (body) values ('{}')`);
  await own.query('insert into webhook_pending (id, tries) select id, 5 from webhook_events');
  await fails('POST', '/api/v1/webhooks/replay', { stuck: true });
  assert.deepEqual((await own.query('select tries from webhook_pending')).rows, [{ tries: 5 }]);
  const test = { template_name: 'bienvenida', template_language: 'es', to: '+573001234570', parameters: ['Juan', 'Pérez'] };
  await own.query(`alter table audit add constraint never check (action like 'key.%') not valid`);
  await assert.rejects(sendTest(fresh.deps, test, ANA), /never/);
  await own.query('alter table audit drop constraint never');
  assert.equal((await own.query(`select from campaigns where kind = 'test'`)).rows.length, 0);
  await fails('PUT', '', { name: 'Otra' });
  await fails('POST', '/schedule', later);
  await fails('DELETE', '');
  await fails('POST', '/start');
  assert.deepEqual(await stands(), ['Mi Campaña', 'draft']);
  await fresh.call('POST', `${path}/start`);
  await fails('POST', '/pause');
  await fails('POST', '/cancel');
  assert.deepEqual(await stands(), ['Mi Campaña', 'running']);
  await fresh.call('POST', `${path}/pause`);
  await fails('POST', '/resume');
  assert.deepEqual(await stands(), ['Mi Campaña', 'paused']);
  const { rows } = await own.query<{ action: string }>('select action from audit where campaign_id = $1 order by id', [id]);
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['campaign.create', 'campaign.upload', 'campaign.recount', 'campaign.start', 'campaign.pause'],
  );
  await fresh.server.close();
});

test('a key without the right to send changes nothing that will be sent by itself', async (t) => {
  const fresh = await openDoor(await openTestDb(t));
  const key = await fresh.key('read', 'write');
  const csv = (n: number) => `Recipient-Phone-Number,variable_1,variable_2\n+57300123456${String(n)},Juan,Pérez\n`;
  const id = await fresh.campaign();
  const path = `/api/v1/campaigns/${String(id)}`;
  const upload = (n: number) => {
    const form = new FormData();
    form.append('file', new Blob([csv(n)]), 'x.csv');
    return fresh.call('POST', `${path}/upload-recipients`, { key, body: form });
  };
  assert.equal((await upload(1)).status, 200);
  assert.equal((await fresh.call('PUT', path, { key, body: { name: 'Borrador' } })).status, 200);
  await fresh.call('POST', `${path}/schedule`, { body: { scheduled_at: '2099-01-31T14:00:00Z' } });
  const changed = await fresh.call('PUT', path, { key, body: { batch_size: 7 } });
  assert.deepEqual([changed.status, changed.json['scope']], [403, 'send'], changed.text);
  // Taking the schedule back makes nothing leave, and then it is a draft.
  const back = await fresh.call('PUT', path, { key, body: { scheduled_at: null, batch_size: 7 } });
  assert.deepEqual([back.status, back.json['status'], back.json['batch_size']], [200, 'draft', 7], back.text);
  await fresh.call('POST', `${path}/start`);
  assert.equal((await upload(2)).status, 403);
  await fresh.call('POST', `${path}/pause`);
  assert.equal((await upload(3)).status, 403);
  assert.equal((await fresh.upload(id, csv(4))).status, 200);
  await fresh.server.close();
});

test('the audit trail names who did what, and to which campaign', async (t) => {
  const fresh = await openDoor(await openTestDb(t));
  const { cookie } = await invited(fresh, 'Rosa', 'operator');
  const made = await fresh.call('POST', '/api/v1/campaigns', {
    key: null,
    headers: { cookie },
    body: { name: 'x', template_name: 'bienvenida', template_language: 'es' },
  });
  const id = Number(made.json['id']);
  await fresh.call('DELETE', `/api/v1/campaigns/${String(id)}`);
  const trail = await fresh.call('GET', `/api/v1/audit?campaign_id=${String(id)}`);
  const data = trail.json['data'] as { action: string; actor: { kind: string; name: string } }[];
  assert.deepEqual(
    data.map(({ action, actor }) => [action, actor.kind, actor.name]),
    [
      ['campaign.delete', 'key', 'ADMIN_API_KEY'],
      ['campaign.create', 'person', 'Rosa'],
    ],
  );
  const paged: unknown[] = [];
  let cursor = '';
  do {
    const page = await fresh.call('GET', `/api/v1/audit?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paged.push(...(page.json['data'] as { id: number }[]).map((entry) => entry.id));
    cursor = textOf(page.json['next_cursor']);
    assert.ok(paged.length <= 500, 'the pages of the trail have an end');
  } while (cursor !== '');
  const all = await fresh.call('GET', '/api/v1/audit?limit=500');
  assert.deepEqual(
    paged,
    (all.json['data'] as { id: number }[]).map((entry) => entry.id),
  );
  assert.equal(all.json['total'], paged.length);
  assert.ok(!all.text.includes(PASSWORD));
  await fresh.server.close();
});
