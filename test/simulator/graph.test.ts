import assert from 'node:assert/strict';
import test from 'node:test';
import { errorOf, type Json, NUMBER, type Sim, startReceiver, startSim, targetOf, until, WABA } from './support.ts';

const list = async (sim: Sim, query = ''): Promise<Json> =>
  (await sim.call('GET', `/v25.0/${WABA}/message_templates${query}`)).json;
const names = (page: Json): unknown[] => (page['data'] as Json[]).map((template) => template['name']);

test('templates come page by page, next only while there is more, and every one exactly once', async (t) => {
  const sim = await startSim(t);
  const all = names(await list(sim, '?limit=1000'));
  const seen: unknown[] = [];
  let page = await list(sim, '?limit=4');
  for (;;) {
    seen.push(...names(page));
    const next = (page['paging'] as Json)['next'] as string | undefined;
    if (next === undefined) break;
    page = (await sim.call('GET', next.slice(sim.url.length))).json;
  }
  assert.deepEqual(seen, all);
  assert.equal(all.length > 20, true);
});

test('a bad cursor answers 131059', async (t) => {
  const sim = await startSim(t);
  const answer = await sim.call('GET', `/v25.0/${WABA}/message_templates?after=nonsense`);
  assert.equal(errorOf(answer)['code'], 131059);
});

test('templates are filtered by name, status, category and language, and only the fields asked for come', async (t) => {
  const sim = await startSim(t);
  assert.deepEqual(names(await list(sim, '?name=bienvenida')), ['bienvenida', 'bienvenida', 'bienvenida']);
  assert.deepEqual(names(await list(sim, '?status=PAUSED')), ['promo_pausada']);
  assert.deepEqual(names(await list(sim, '?category=AUTHENTICATION')), ['codigo_acceso']);
  assert.deepEqual(names(await list(sim, '?language=es_MX')), ['bienvenida']);
  const page = await list(sim, '?name=bienvenida&language=es&fields=id,name,quality_score,health_status{can_send_message}');
  const [template] = page['data'] as Json[];
  assert.deepEqual(Object.keys(template ?? {}).sort(), ['health_status', 'id', 'name', 'quality_score']);
});

test('bienvenida is Spanish, approved, with two body variables', async (t) => {
  const sim = await startSim(t);
  const [template] = (await list(sim, '?name=bienvenida&language=es'))['data'] as Json[];
  assert.equal(template?.['status'], 'APPROVED');
  const [part] = template['components'] as Json[];
  assert.deepEqual(String(part?.['text']).match(/\{\{\d\}\}/g), ['{{1}}', '{{2}}']);
  const one = await sim.call('GET', `/v25.0/${String(template['id'])}`);
  assert.equal(one.json['name'], 'bienvenida');
});

test('a created template is reviewed, told by webhook, and can be sent', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { template_review: { after_ms: 1 } } });
  const created = await sim.call('POST', `/v25.0/${WABA}/message_templates`, {
    name: 'nueva',
    language: 'es',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Hola {{1}}, gracias por tu compra.', example: { body_text: [['Ana']] } }],
  });
  assert.equal(created.json['status'], 'PENDING', created.text);
  await until(() => receiver.values('message_template_status_update').length === 1);
  const [event] = receiver.values('message_template_status_update');
  assert.equal(event?.['event'], 'APPROVED');
  assert.equal(event['message_template_id'], Number(created.json['id']));
  assert.equal(typeof (receiver.hooks[0]?.json['entry'] as Json[])[0]?.['time'], 'number');
  const send = {
    messaging_product: 'whatsapp',
    to: '+573001234567',
    type: 'template',
    template: {
      name: 'nueva',
      language: { code: 'es' },
      components: [{ type: 'body', parameters: [{ type: 'text', text: 'Ana' }] }],
    },
  };
  assert.equal((await sim.send(send)).status, 200);
});

test('an unfit template is not created', async (t) => {
  const sim = await startSim(t);
  const create = async (over: Json): Promise<unknown> =>
    errorOf(
      await sim.call('POST', `/v25.0/${WABA}/message_templates`, {
        name: 'x',
        language: 'es',
        category: 'UTILITY',
        components: [{ type: 'BODY', text: 'Hola {{1}}, gracias por tu compra.' }],
        ...over,
      }),
    )['error_subcode'] ?? 'refused';
  assert.equal(await create({ name: 'Con Mayúsculas' }), 'refused');
  assert.equal(await create({ name: 'bienvenida' }), 2388023);
  assert.equal(await create({ components: [{ type: 'BODY', text: '{{1}} hola a todos ustedes' }] }), 2388299);
  assert.equal(await create({ components: [{ type: 'BODY', text: 'a {{1}} b {{2}} {{3}} c' }] }), 2388293);
  assert.equal(await create({ components: [{ type: 'FOOTER', text: 'x' }] }), 2388072);
});

test('an edit sends an approved template back to review, once a day; a deletion takes all languages', async (t) => {
  const sim = await startSim(t, { config: { template_review: { decision: 'PENDING' } } });
  const [template] = (await list(sim, '?name=aviso_sin_variables'))['data'] as Json[];
  const id = String(template?.['id']);
  const edit = { components: [{ type: 'BODY', text: 'Mañana abrimos a las diez.' }] };
  assert.deepEqual((await sim.call('POST', `/v25.0/${id}`, edit)).json, { success: true });
  assert.equal((await sim.call('GET', `/v25.0/${id}`)).json['status'], 'PENDING');
  await sim.side('POST', `templates/${id}`, { status: 'APPROVED' });
  assert.equal(errorOf(await sim.call('POST', `/v25.0/${id}`, edit))['error_subcode'], 2388039);
  assert.deepEqual((await sim.call('DELETE', `/v25.0/${WABA}/message_templates?name=bienvenida`)).json, { success: true });
  assert.deepEqual(names(await list(sim, '?name=bienvenida')), []);
});

test('the phone number, the account, the list of numbers and their health', async (t) => {
  const sim = await startSim(t);
  const number = await sim.call(
    'GET',
    `/v25.0/${NUMBER}?fields=display_phone_number,quality_rating,throughput,whatsapp_business_manager_messaging_limit,health_status`,
  );
  assert.equal(number.json['quality_rating'], 'GREEN');
  assert.deepEqual(number.json['throughput'], { level: 'STANDARD' });
  assert.equal((number.json['health_status'] as Json)['can_send_message'], 'AVAILABLE');
  assert.equal(number.json['allow_list'], undefined);
  const waba = await sim.call('GET', `/v25.0/${WABA}?fields=id,currency,timezone_id,health_status`);
  assert.equal(waba.json['currency'], 'USD');
  const numbers = await sim.call('GET', `/v25.0/${WABA}/phone_numbers`);
  assert.deepEqual(
    (numbers.json['data'] as Json[]).map(({ id }) => id),
    [NUMBER],
  );
  assert.equal(errorOf(await sim.call('GET', '/v25.0/12345'))['error_subcode'], 33);
});

test('subscribing with an override first asks the address for its challenge', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t);
  const path = `/v25.0/${WABA}/subscribed_apps`;
  const wrong = await sim.call('POST', path, { override_callback_uri: receiver.url, verify_token: 'other' });
  assert.equal(wrong.status, 400);
  const right = await sim.call('POST', path, { override_callback_uri: receiver.url, verify_token: 'verify' });
  assert.deepEqual(right.json, { success: true });
  const [app] = (await sim.call('GET', path)).json['data'] as Json[];
  assert.equal(app?.['override_callback_uri'], receiver.url);
  assert.equal((app['whatsapp_business_api_data'] as Json)['id'] !== undefined, true);
});

test('debug_token tells a good token from an expired one', async (t) => {
  const sim = await startSim(t);
  const data = async (token: string): Promise<Json> =>
    (await sim.call('GET', `/v25.0/debug_token?input_token=${token}`)).json['data'] as Json;
  assert.equal((await data('fine'))['is_valid'], true);
  assert.equal((await data('expired'))['is_valid'], false);
});

async function upload(sim: Sim, size: number, type: string): Promise<{ status: number; json: Json }> {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('file', new Blob([Buffer.alloc(size, 1)], { type }), 'a.bin');
  const answer = await fetch(`${sim.url}/v25.0/${NUMBER}/media`, {
    method: 'POST',
    headers: { authorization: 'Bearer t' },
    body: form,
  });
  return { status: answer.status, json: (await answer.json()) as Json };
}

test('media is uploaded, described, downloaded with a token, and deleted', async (t) => {
  const sim = await startSim(t);
  const { json } = await upload(sim, 1000, 'image/png');
  const id = String(json['id']);
  assert.match(id, /^\d+$/);
  const media = (await sim.call('GET', `/v25.0/${id}`)).json;
  assert.deepEqual([media['mime_type'], media['file_size']], ['image/png', '1000']);
  const content = await fetch(String(media['url']), { headers: { authorization: 'Bearer t' } });
  assert.equal((await content.arrayBuffer()).byteLength, 1000);
  assert.equal((await fetch(String(media['url']))).status, 401);
  assert.equal(errorOf(await sim.call('GET', `/v25.0/${id}?phone_number_id=1`))['error_subcode'], 33);
  assert.deepEqual((await sim.call('DELETE', `/v25.0/${id}`)).json, { success: true });
  assert.equal(errorOf(await sim.call('GET', `/v25.0/${id}`))['error_subcode'], 33);
});

test('media of a wrong type or over its limit is refused', async (t) => {
  const sim = await startSim(t);
  assert.equal((await upload(sim, 10, 'image/gif')).status, 400);
  assert.equal((await upload(sim, 5 * 1024 * 1024 + 1, 'image/jpeg')).status, 400);
  assert.equal((await upload(sim, 5 * 1024 * 1024, 'image/jpeg')).status, 200);
});

test('an uploaded header image can be sent by id, an unknown or expired id fails with 131053', async (t) => {
  const sim = await startSim(t, {
    config: { statuses: { sent_ms: 0 as never, delivered_ms: [0, 0], read_ms: [0, 0], mix: { delivered: 1 } } },
  });
  const { json } = await upload(sim, 10, 'image/jpeg');
  const send = async (id: string): Promise<unknown> => {
    await sim.send({
      messaging_product: 'whatsapp',
      to: '+573001234567',
      type: 'template',
      template: {
        name: 'promo_imagen',
        language: { code: 'es' },
        components: [
          { type: 'header', parameters: [{ type: 'image', image: { id } }] },
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
        ],
      },
    });
    return (await sim.ledger()).at(-1)?.['final'];
  };
  assert.equal(await send(String(json['id'])), 'delivered');
  assert.equal(await send('42'), 'failed');
});
