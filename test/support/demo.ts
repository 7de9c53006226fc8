/** A product with something in it: campaigns of every state, people, replies; what the pictures and the checks of the page look at. */
import { type TestHouse, until } from './house.ts';

export interface Demo {
  readonly running: number;
  readonly completed: number;
  readonly draft: number;
}

/** Only against a hang. */
const HANG_MS = 120_000;

const NAMES = [
  'Luz Marina Ospina',
  'Jhon Fredy Castaño',
  'Ana Sofía Beltrán',
  'Óscar Iván Páez',
  'ليلى حداد',
  'Nubia Stella Roa',
];
const CITIES = ['Bogotá', 'Medellín', 'Cali', 'Barranquilla'];

/** Phones ending in these are refused by the simulator for a reason of their own. */
function people(count: number, from: number): string {
  const rows = ['telefono,nombre,ciudad'];
  for (let i = 0; i < count; i++)
    rows.push(`+57 300 ${String(from + i).padStart(7, '0')},${NAMES[i % NAMES.length] ?? ''},${CITIES[i % CITIES.length] ?? ''}`);
  return rows.join('\n');
}

async function campaign(
  house: TestHouse,
  name: string,
  count: number,
  from: number,
  more: Record<string, unknown> = {},
): Promise<number> {
  const made = await house.call('POST', '/api/v1/campaigns', {
    name,
    template_name: 'bienvenida',
    template_language: 'es',
    ...more,
  });
  const id = Number(made.json['id']);
  if (!Number.isInteger(id)) throw new Error(`${name}: ${made.text}`);
  if (count > 0) {
    const uploaded = await house.upload(id, people(count, from));
    if (uploaded.status >= 400) throw new Error(`${name}: ${uploaded.text}`);
    await house.call('PUT', `/api/v1/campaigns/${String(id)}`, {
      mapping: { 'body.1': { column: 'nombre' }, 'body.2': { column: 'ciudad' } },
    });
  }
  return id;
}

async function start(house: TestHouse, id: number): Promise<void> {
  const looked = await house.call('GET', `/api/v1/campaigns/${String(id)}/preflight`);
  const started = await house.call('POST', `/api/v1/campaigns/${String(id)}/start`, {});
  if (started.status >= 400) throw new Error(`${started.text} ${looked.text}`);
}

export async function fillWithDemo(house: TestHouse): Promise<Demo> {
  await house.sim('POST', '/_sim/config', { messages_per_second: 400, status_delay_ms: [20, 400] });
  const completed = await campaign(house, 'Black Friday · anticipo', 300, 1_000_000);
  await start(house, completed);
  await until(
    'the first campaign is over',
    async () => {
      const { json } = await house.call('GET', `/api/v1/campaigns/${String(completed)}`);
      return json['status'] === 'completed' && Number(json['messages_read']) > 20 ? true : undefined;
    },
    HANG_MS,
  );
  const long =
    'Actualización de tratamiento de datos personales y autorización de envío de comunicaciones comerciales para todos los clientes registrados antes de diciembre de 2026 en las tiendas propias'.slice(
      0,
      200,
    );
  const cancelled = await campaign(house, long, 120, 3_000_000, { messages_per_second: 2 });
  await start(house, cancelled);
  await house.call('POST', `/api/v1/campaigns/${String(cancelled)}/pause`);
  await house.call('POST', `/api/v1/campaigns/${String(cancelled)}/cancel`);
  const scheduled = await campaign(house, 'Black Friday · clientes VIP', 820, 4_000_000);
  await house.call('PUT', `/api/v1/campaigns/${String(scheduled)}`, {
    scheduled_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
  });
  const draft = await campaign(house, 'Encuesta después de la entrega', 0, 0);
  const paused = await campaign(house, 'Recordatorio de pago · noviembre', 400, 5_000_000, { messages_per_second: 20 });
  await start(house, paused);
  const running = await campaign(house, 'Navidad anticipada · Bogotá', 2_400, 2_000_000, { messages_per_second: 8 });
  await start(house, running);
  await until(
    'something was sent',
    async () => {
      const { json } = await house.call('GET', `/api/v1/campaigns/${String(running)}`);
      return Number(json['messages_sent']) > 30 ? true : undefined;
    },
    HANG_MS,
  );
  await house.call('POST', `/api/v1/campaigns/${String(paused)}/pause`);
  await answers(house);
  return { running, completed, draft };
}

/** What people of the completed campaign write back: plain answers, opt-outs, and some that somebody has to decide. */
async function answers(house: TestHouse): Promise<void> {
  const written = [
    { type: 'text', text: '¿Aplica también en la tienda de Suba?' },
    { type: 'text', text: 'no me manden tanta cosa por favor' },
    { type: 'stop', text: 'BAJA' },
    { type: 'text', text: 'Ya pedí que me den de baja del plan de datos, ¿qué pasó?' },
    { type: 'image' },
    { type: 'text', text: 'شكرا' },
    { type: 'user_preferences', value: 'stop' },
  ];
  for (const [i, answer] of written.entries())
    await house.sim('POST', '/_sim/inbound', {
      from: `+57 300 ${String(1_000_000 + i).padStart(7, '0')}`,
      name: NAMES[i % NAMES.length],
      ...answer,
    });
  await house.call('POST', '/api/v1/opt-outs', { phone: '+573165550120', note: 'Llamó a la tienda' });
  await until(
    'the answers are stored',
    async () => {
      const { json } = await house.call('GET', '/api/v1/replies?limit=1');
      return Number(json['total']) >= written.length - 1 ? true : undefined;
    },
    HANG_MS,
  );
}
