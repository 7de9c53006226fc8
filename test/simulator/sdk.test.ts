/** A Cloud API client written by others (@kapso/whatsapp-cloud-api) talks to the simulator as it would to Meta. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { GraphApiError, WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { AT_ONCE, type Json, NUMBER, SECRET, startReceiver, startSim, targetOf, until, WABA } from './support.ts';

test('it sends a template and a text, uploads media, lists templates, and reads the webhook it verified', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE } });
  const client = new WhatsAppClient({ accessToken: 'token', baseUrl: sim.url, graphVersion: 'v25.0' });
  const sent = await client.messages.sendTemplate({
    phoneNumberId: NUMBER,
    to: '+573001234567',
    bizOpaqueCallbackData: 'sdk.1',
    template: {
      name: 'bienvenida',
      language: { code: 'es' },
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Ana' },
            { type: 'text', text: 'C-1' },
          ],
        },
      ],
    },
  });
  const wamid = sent.messages[0]?.id;
  assert.match(String(wamid), /^wamid\./);
  await client.messages.sendText({ phoneNumberId: NUMBER, to: '+573001234567', body: 'Hola' });
  const media = await client.media.upload({
    phoneNumberId: NUMBER,
    type: 'image',
    file: new Blob([Buffer.alloc(64)], { type: 'image/jpeg' }),
    fileName: 'a.jpg',
  });
  assert.match(media.id, /^\d+$/);
  const listed = await client.templates.list({ businessAccountId: WABA, limit: 5 });
  assert.equal(listed.data.length, 5);
  const ledger = await sim.ledger();
  assert.deepEqual(ledger.map(({ wamid: id }) => id).slice(0, 1), [wamid]);
  await until(() => receiver.statuses().filter(({ id }) => id === wamid).length === 3);
  for (const { raw, headers } of receiver.hooks) {
    const signatureHeader = headers['x-hub-signature-256'];
    assert.equal(
      typeof signatureHeader === 'string' && verifySignature({ appSecret: SECRET, rawBody: raw, signatureHeader }),
      true,
    );
  }
  const seen = receiver.hooks.flatMap(({ json }) => normalizeWebhook(json).statuses).filter(({ id }) => id === wamid);
  assert.deepEqual(
    seen.map(({ status }) => status),
    ['sent', 'delivered', 'read'],
  );
});

test('it understands a refusal', async (t) => {
  const sim = await startSim(t);
  const client = new WhatsAppClient({ accessToken: 'token', baseUrl: sim.url, graphVersion: 'v25.0' });
  const refused = client.messages.sendTemplate({
    phoneNumberId: NUMBER,
    to: '+573001234567',
    template: { name: 'nada', language: { code: 'es' } },
  });
  await assert.rejects(refused, (error) => error instanceof GraphApiError && (error as unknown as Json)['code'] === 132001);
});
