/** A server database without Redis is worked by one process; another one is refused while it lives and takes over when it died. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Fleet, openFleet, people } from '../support/fleet.ts';
import { until } from '../support/house.ts';
import { needsPostgres, needsRedis } from '../support/servers.ts';

const postgres = needsPostgres();
// The fleet brings a Redis, though nobody here is told of it.
const redis = needsRedis();
const skip = postgres.skip === false ? redis.skip : postgres.skip;
// Eight seconds of sending, of which the first is over when the process is killed.
const PEOPLE = 400;
let fleet: Fleet;

before(async () => {
  if (skip === false) fleet = await openFleet(postgres.url, { REDIS_URL: '', WHATSAPP_MESSAGES_PER_SECOND: '50' });
});
after(async () => {
  if (skip === false) await fleet.stop();
});

test('the second is refused with a sentence, and takes over after the first was killed in the middle', { skip }, async () => {
  const first = await fleet.start('start');
  assert.equal(first.child.exitCode, null, first.said());
  fleet.webhooksTo(first.url);
  const made = await fleet.call(first, 'POST', '/api/v1/campaigns', {
    name: 'Relevo',
    template_name: 'bienvenida',
    template_language: 'es',
  });
  const id = Number(made.json['id']);
  await fleet.upload(first, id, people(PEOPLE, 3_155_000_000));

  const refused = await fleet.start('start');
  assert.equal(refused.child.exitCode, 1, refused.said());
  assert.match(refused.said(), /Another process works on this database\. Without Redis only one may/);

  await until('a start', async () =>
    (await fleet.call(first, 'POST', `/api/v1/campaigns/${String(id)}/start`)).status === 200 ? true : undefined,
  );
  const sent = async (door: typeof first): Promise<Record<string, unknown>> =>
    (await fleet.call(door, 'GET', `/api/v1/campaigns/${String(id)}/stats`)).json;
  await until('some to be sent', async () => (Number((await sent(first))['messages_sent']) >= 50 ? true : undefined));
  await first.end('SIGKILL');

  const second = await fleet.start('start');
  assert.equal(second.child.exitCode, null, second.said());
  fleet.webhooksTo(second.url);
  await until('the end', async () => ((await sent(second))['status'] === 'completed' ? true : undefined), 120_000);
  const { json } = await fleet.sim('GET', '/_sim/ledger/summary');
  assert.equal(json['repeated_callback'], 0);
  assert.equal(json['repeated_person'], 0);
  // Webhooks settle what the killed process had out; whatever never left stays unknown, and nothing else is missing.
  const byStatus = await until('every outcome that Meta knows', async () => {
    const seen = (await sent(second))['by_status'] as Record<string, number>;
    return (seen['delivered'] ?? 0) + (seen['read'] ?? 0) === json['accepted'] ? seen : undefined;
  });
  assert.equal(Number(json['accepted']) + (byStatus['unknown'] ?? 0), PEOPLE);
});
