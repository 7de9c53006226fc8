import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openHouse, until } from '../support/house.ts';

const house = await openHouse({ WHATSAPP_MESSAGES_PER_SECOND: '500' });
after(async () => {
  await house.stop();
  house.remove();
});
await house.sim('POST', '/_sim/config', { status_delays_ms: { sent: [0, 20], delivered: [0, 40], read: [0, 60] } });

async function draft(name: string): Promise<number> {
  const made = await house.call('POST', '/api/v1/campaigns', { name, template_name: 'bienvenida', template_language: 'es' });
  assert.equal(made.status, 201, made.text);
  return Number(made.json['id']);
}

test('one person goes from the file to delivered or read, and the boxes add up all the way', async () => {
  const id = await draft('Uno');
  const report = await house.upload(id, 'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n');
  assert.equal(report.json['valid_rows'], 1, report.text);
  const started = await house.call('POST', `/api/v1/campaigns/${String(id)}/start`);
  assert.equal(started.status, 200, started.text);
  const stats = await until('delivered or read', async () => {
    const { json } = await house.call('GET', `/api/v1/campaigns/${String(id)}/stats`);
    const byStatus = json['by_status'] as Record<string, number>;
    assert.equal(
      Object.values(byStatus).reduce((a, b) => a + b, 0),
      1,
    );
    return json['status'] === 'completed' && (byStatus['delivered'] ?? 0) + (byStatus['read'] ?? 0) === 1 ? json : undefined;
  });
  assert.equal(stats['messages_sent'], 1);
  const ledger = await house.sim('GET', '/_sim/ledger/summary');
  assert.equal(ledger.json['accepted'], 1, ledger.text);
});
