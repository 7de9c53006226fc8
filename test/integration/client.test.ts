import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'whatsapp-sender/client';
import { openFileDb } from '../support/db.ts';
import { ADMIN, openDoor } from '../support/http.ts';

const door = await openDoor(await openFileDb());
const client = createClient({ baseUrl: door.url, key: ADMIN });

test('the client makes a campaign, fills it from a file and reads its figures, with nothing but its own types', async () => {
  const made = await client.POST('/api/v1/campaigns', { body: { name: 'By the client' } });
  assert.ok(made.data !== undefined, JSON.stringify(made.error));
  const { id } = made.data;

  const chosen = await client.PUT('/api/v1/campaigns/{id}', {
    params: { path: { id } },
    body: { template_name: 'bienvenida', template_language: 'es' },
  });
  assert.equal(chosen.data?.template_name, 'bienvenida');

  const list = new Blob(['name,mobile,Recipient-Phone-Number\nJuan,+573001234567,x\n'], { type: 'text/csv' });
  const report = await client.POST('/api/v1/campaigns/{id}/upload-recipients', {
    params: { path: { id } },
    body: { file: list, phone_column: 'mobile' },
  });
  assert.deepEqual([report.data?.valid_rows, report.data?.phone_column], [1, 'mobile'], JSON.stringify(report.error));

  const stats = await client.GET('/api/v1/campaigns/{id}/stats', { params: { path: { id } } });
  assert.deepEqual([stats.data?.by_status.pending, stats.data?.total_recipients], [1, 1]);
});

test('a refusal comes as a value, with its code', async () => {
  const refused = await client.GET('/api/v1/campaigns/{id}', { params: { path: { id: 4711 } } });
  assert.equal(refused.data, undefined);
  assert.equal(refused.error.code, 'campaign_not_found');
  const stranger = createClient({ baseUrl: door.url, key: 'wrong' });
  assert.equal((await stranger.GET('/api/v1/campaigns')).error?.code, 'not_authenticated');
});
