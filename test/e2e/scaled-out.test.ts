/** Two doors and three workers, each a process of its own, on one PostgreSQL and one Redis. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Fleet, type Member, openFleet, people } from '../support/fleet.ts';
import { ADMIN_KEY, type Answer, until } from '../support/house.ts';
import { needsPostgres, needsRedis } from '../support/servers.ts';

const postgres = needsPostgres();
const redis = needsRedis();
const skip = postgres.skip === false ? redis.skip : postgres.skip;
const RATE = 400;

let fleet: Fleet;
let api1: Member;
let api2: Member;
let workers: Member[] = [];
let nextPerson = 3_100_000_000;

before(async () => {
  if (skip !== false) return;
  fleet = await openFleet(postgres.url, { WHATSAPP_MESSAGES_PER_SECOND: String(RATE) });
  [api1, api2] = await Promise.all([fleet.start('api'), fleet.start('api')]);
  fleet.webhooksTo(api1.url);
});
after(async () => {
  if (skip === false) await fleet.stop();
});

async function draft(door: Member, name: string): Promise<number> {
  const made = await fleet.call(door, 'POST', '/api/v1/campaigns', {
    name,
    template_name: 'bienvenida',
    template_language: 'es',
  });
  assert.equal(made.status, 201, made.text);
  return Number(made.json['id']);
}

async function upload(door: Member, id: number, n: number): Promise<void> {
  const report = await fleet.upload(door, id, people(n, nextPerson));
  nextPerson += n;
  assert.equal(report.json['valid_rows'], n, report.text);
}

function move(door: Member, id: number, what: string): Promise<Answer> {
  return fleet.call(door, 'POST', `/api/v1/campaigns/${String(id)}/${what}`);
}

async function started(name: string, n: number): Promise<number> {
  const id = await draft(api1, name);
  await upload(api2, id, n);
  const answer = await move(api1, id, 'start');
  assert.equal(answer.status, 200, answer.text);
  return id;
}

interface Stats {
  readonly status: string;
  readonly by_status: Readonly<Record<string, number>>;
  readonly sent: number;
}

async function stats(door: Member, id: number): Promise<Stats> {
  const { json, text } = await fleet.call(door, 'GET', `/api/v1/campaigns/${String(id)}/stats`);
  const byStatus = json['by_status'] as Record<string, number>;
  assert.equal(
    Object.values(byStatus).reduce((a, b) => a + b, 0),
    json['total_recipients'],
    text,
  );
  return { status: String(json['status']), by_status: byStatus, sent: Number(json['messages_sent']) };
}

function completed(id: number): Promise<Stats> {
  return until(
    `campaign ${String(id)} to complete`,
    async () => {
      const seen = await stats(api2, id);
      return seen.status === 'completed' ? seen : undefined;
    },
    120_000,
  );
}

function sentAtLeast(id: number, n: number): Promise<Stats> {
  return until(
    `${String(n)} of campaign ${String(id)} to be sent`,
    async () => {
      const seen = await stats(api2, id);
      return seen.sent >= n ? seen : undefined;
    },
    120_000,
  );
}

async function accepted(): Promise<number> {
  return Number((await fleet.sim('GET', '/_sim/ledger/summary')).json['accepted']);
}

/** Everybody once, and what the boxes say is what Meta has. */
async function account(): Promise<void> {
  const { json } = await fleet.sim('GET', '/_sim/ledger/summary');
  assert.equal(json['repeated_callback'], 0);
  assert.equal(json['repeated_person'], 0);
  assert.equal(json['distinct_recipients'], json['accepted']);
  const [row] = await fleet.query<{ n: number }>(
    `select count(*) as n from messages where wamid is not null or status = 'unknown'`,
  );
  assert.equal(row?.n, json['accepted']);
}

test('with no worker the doors go on receiving, and health, preflight and status say what is missing', { skip }, async () => {
  const health = await fleet.call(api1, 'GET', '/health/ready');
  assert.equal(health.status, 200, 'webhooks must be taken in all the same');
  assert.equal((health.json['checks'] as Record<string, unknown>)['worker'], 'missing');
  const synced = await fleet.call(api1, 'POST', '/api/v1/templates/sync');
  assert.ok(synced.status < 300, synced.text);
  const id = await draft(api1, 'Sin nadie');
  await upload(api1, id, 3);
  const preflight = await fleet.call(api1, 'GET', `/api/v1/campaigns/${String(id)}/preflight`);
  assert.match(preflight.text, /no_worker/);
  const start = await move(api1, id, 'start');
  assert.equal(start.status, 200, start.text);
  const status = await fleet.call(api2, 'GET', '/api/v1/status');
  assert.match(JSON.stringify(status.json['alarms']), /no_worker/);
});

test('workers come, and the doors see them', { skip }, async () => {
  workers = await Promise.all([1, 2, 3].map(() => fleet.start('worker')));
  for (const door of [api1, api2]) {
    await until('a worker', async () => {
      const { checks } = (await fleet.call(door, 'GET', '/health/ready')).json;
      return (checks as { worker: string }).worker === 'ok' ? true : undefined;
    });
  }
});

test('3,000 people through both doors: followed live, paused for all, resumed, each written to once', { skip }, async () => {
  const id = await draft(api1, 'Tres mil');
  await upload(api2, id, 3_000);
  const live = follow(api2, id);
  assert.equal((await move(api1, id, 'start')).status, 200);
  assert.equal((await move(api2, id, 'start')).status, 409, 'started once');
  await sentAtLeast(id, 500);

  const pause = await move(api1, id, 'pause');
  assert.equal(pause.status, 200, pause.text);
  const before = await accepted();
  const claimed = await claimedEver(id);
  await until('the last answers', async () => ((await stats(api1, id)).by_status['sending'] === 0 ? true : undefined));
  assert.ok((await claimedEver(id)) <= claimed, 'nothing is claimed after the answer');
  assert.ok((await accepted()) - before <= Number(pause.json['in_flight']), 'only what was in flight');
  const still = await accepted();
  const rest = await draft(api1, 'Another one, while this one rests');
  await upload(api1, rest, 50);
  assert.equal((await move(api1, rest, 'start')).status, 200);
  await completed(rest);
  assert.equal(await accepted(), still + 50, 'a paused campaign stays paused in every process');

  fleet.webhooksTo(api2.url);
  assert.equal((await move(api2, id, 'resume')).status, 200);
  const done = await completed(id);
  assert.equal(done.sent, 3_000);
  await until('all outcomes', async () => {
    const { by_status: byStatus } = await stats(api1, id);
    return (byStatus['delivered'] ?? 0) + (byStatus['read'] ?? 0) === 3_000 ? true : undefined;
  });
  await account();
  const told = await until('the end, seen live', () =>
    Promise.resolve(live.states().find((state) => state.status === 'completed')),
  );
  assert.equal(told.total, 3_000);
  const sent = live.states().map((state) => state.sent);
  assert.ok(sent.length > 3, 'live updates came while it ran');
  assert.deepEqual(
    sent,
    [...sent].sort((a, b) => a - b),
    'they only climb',
  );
  live.close();
});

test('a pause reaches every worker: what is claimed and has not left goes back', { skip }, async () => {
  const made = await fleet.call(api1, 'POST', '/api/v1/campaigns', {
    name: 'Despacio',
    template_name: 'bienvenida',
    template_language: 'es',
    messages_per_second: 8,
  });
  const id = Number(made.json['id']);
  await upload(api1, id, 400);
  assert.equal((await move(api1, id, 'start')).status, 200);
  await sentAtLeast(id, 6);
  const pause = await move(api2, id, 'pause');
  assert.equal(pause.status, 200, pause.text);
  const before = await accepted();
  await until('nothing is claimed', async () => ((await stats(api1, id)).by_status['sending'] === 0 ? true : undefined));
  assert.ok((await accepted()) - before <= 1, 'one may have been leaving at that moment');
  assert.equal((await move(api2, id, 'cancel')).status, 200);
});

test('Redis is emptied in the middle: it goes on, and nobody is written to twice', { skip }, async () => {
  const id = await started('Vaciado', 1_500);
  await sentAtLeast(id, 200);
  await fleet.redis.flush();
  await sentAtLeast(id, 700);
  await fleet.redis.flush();
  assert.equal((await completed(id)).sent, 1_500);
  await account();
});

test('Redis dies in the middle: nothing new leaves, what was out is recorded, and after its return it goes on', {
  skip,
}, async (t) => {
  const id = await started('Sin Redis', 1_500);
  await sentAtLeast(id, 200);
  await fleet.redis.kill();
  const quiet = await until('silence', async () => {
    const before = await accepted();
    await new Promise((resolve) => setTimeout(resolve, 400));
    return (await accepted()) === before ? before : undefined;
  });
  const { sent, status } = await until('what left is recorded', async () => {
    const seen = await stats(api1, id);
    const all = await fleet.query<{ n: number }>('select count(*) as n from messages where wamid is not null');
    return all[0]?.n === quiet ? seen : undefined;
  });
  assert.equal(status, 'running');
  assert.ok(sent < 1_500, 'it had not ended before');
  await fleet.redis.start();
  const back = performance.now();
  await sentAtLeast(id, sent + 1);
  t.diagnostic(`sending again ${String(Math.round(performance.now() - back))} ms after the return of Redis`);
  const done = await completed(id);
  assert.equal(done.sent, 1_500);
  assert.equal(done.by_status['unknown'], 0);
  await account();
  for (const member of [api1, api2, ...workers]) assert.equal(member.child.exitCode, null, member.said().slice(-2_000));
});

test('a worker that is asked to stop gives back what has not left, and the others finish', { skip }, async () => {
  const id = await started('Uno menos', 1_500);
  await sentAtLeast(id, 200);
  const [leaving] = workers.splice(0, 1);
  assert.ok(leaving, 'a worker');
  assert.equal(await leaving.end('SIGTERM'), 0, leaving.said().slice(-2_000));
  const done = await completed(id);
  assert.equal(done.sent, 1_500);
  assert.equal(done.by_status['unknown'], 0);
  await account();
});

test('stop everything, through one door, stops all workers until it is lifted', { skip }, async () => {
  const id = await started('Alto', 1_500);
  await sentAtLeast(id, 100);
  const stop = await fleet.call(api2, 'POST', '/api/v1/stop-everything');
  assert.ok(stop.status < 300, stop.text);
  await until('nothing in flight', async () => ((await stats(api1, id)).by_status['sending'] === 0 ? true : undefined));
  assert.equal((await stats(api1, id)).status, 'paused');
  assert.equal((await move(api1, id, 'resume')).status, 409);
  await account();
});

test('a door that signs with another secret says so at its start, and health at every door until it has gone', {
  skip,
}, async () => {
  const secretAt = async (door: Member): Promise<unknown> =>
    ((await fleet.call(door, 'GET', '/health/ready')).json['checks'] as Record<string, unknown>)['secret'];
  assert.equal(await secretAt(api1), 'ok');
  const stranger = await fleet.start('api', { SECRET_KEY: 'a-secret-that-nobody-else-of-this-fleet-has' });
  assert.match(stranger.said(), /signs with another SECRET_KEY, so the two refuse each other's logins/);
  assert.deepEqual([await secretAt(stranger), await secretAt(api1)], ['differs', 'differs']);
  await stranger.end('SIGTERM');
  assert.equal(await secretAt(api1), 'ok');
});

test('sessions, tickets and keys made at one door open the other', { skip }, async () => {
  const key = await fleet.call(api1, 'POST', '/api/v1/keys', { name: 'shop', scopes: ['read'] });
  assert.equal(key.status, 201, key.text);
  const asShop = { authorization: `Bearer ${String(key.json['key'])}` };
  assert.equal((await fleet.call(api2, 'GET', '/api/v1/campaigns', undefined, asShop)).status, 200);
  assert.equal(
    (
      await fleet.call(
        api2,
        'POST',
        '/api/v1/campaigns',
        { name: 'x', template_name: 'bienvenida', template_language: 'es' },
        asShop,
      )
    ).status,
    403,
  );

  const invited = await fleet.call(api1, 'POST', '/api/v1/people', { name: 'Lucía', role: 'operator' });
  assert.equal(invited.status, 201, invited.text);
  const token = /#(.+)$/.exec(String(invited.json['invitation_url']))?.[1];
  const accept = await post(api2, '/api/v1/auth/invitation', { token, password: 'una-clave-larga-de-lucia-1' });
  assert.ok(accept.status < 300, accept.text);
  const login = await post(api1, '/api/v1/auth/login', { name: 'Lucía', password: 'una-clave-larga-de-lucia-1' });
  assert.equal(login.status, 200, login.text);
  const cookie = [login.headers['set-cookie'] ?? []]
    .flat()
    .map((set) => set.split(';')[0])
    .join('; ');
  const me = await get(api2, '/api/v1/auth/me', { cookie });
  assert.equal(me.json['name'], 'Lucía', me.text);

  const ticket = await fleet.call(api1, 'POST', '/api/v1/events/ticket');
  const first = follow(api2, undefined, String(ticket.json['ticket']));
  await until('a stream by ticket', () => Promise.resolve(first.status() === 200 ? true : undefined));
  first.close();
  const again = follow(api1, undefined, String(ticket.json['ticket']));
  await until('the ticket is used up', () => Promise.resolve(again.status() === 401 ? true : undefined));
  again.close();

  const revoked = await fleet.call(api2, 'DELETE', `/api/v1/keys/${String(key.json['id'])}`);
  assert.equal(revoked.status, 200, revoked.text);
  assert.equal((await fleet.call(api1, 'GET', '/api/v1/campaigns', undefined, asShop)).status, 401);
});

async function claimedEver(id: number): Promise<number> {
  const [row] = await fleet.query<{ n: number }>(
    'select coalesce(sum(attempt), 0)::int8 as n from messages where campaign_id = $1',
    [id],
  );
  return row?.n ?? 0;
}

async function post(member: Member, path: string, body: unknown): Promise<Answer> {
  return bare(member, 'POST', path, body, {});
}

async function get(member: Member, path: string, headers: Record<string, string>): Promise<Answer> {
  return bare(member, 'GET', path, undefined, headers);
}

async function bare(
  member: Member,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(member.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: { ...Object.fromEntries(response.headers), 'set-cookie': response.headers.getSetCookie() },
    text,
    json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

interface Followed {
  status(): number;
  states(): { status: string; total: number; sent: number }[];
  close(): void;
}

/** Live updates, as a browser takes them. */
function follow(member: Member, id: number | undefined, ticket?: string): Followed {
  const gone = new AbortController();
  let text = '';
  let status = 0;
  const path = id === undefined ? '/api/v1/events/campaigns/stream' : `/api/v1/events/campaigns/${String(id)}/stream`;
  const read = async (): Promise<void> => {
    const response = await fetch(`${member.url}${path}${ticket === undefined ? '' : `?ticket=${ticket}`}`, {
      headers: ticket === undefined ? { authorization: `Bearer ${ADMIN_KEY}` } : {},
      signal: gone.signal,
    });
    status = response.status;
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  read().catch(() => undefined);
  return {
    status: () => status,
    states: () =>
      [...text.matchAll(/^data: (.*)$/gm)].map((match) => {
        const data = JSON.parse(match[1] ?? '{}') as Record<string, unknown>;
        return { status: String(data['status']), total: Number(data['total_recipients']), sent: Number(data['messages_sent']) };
      }),
    close() {
      gone.abort();
    },
  };
}
