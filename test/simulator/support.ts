import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';

export type Json = Record<string, unknown>;

export const NUMBER = '106540352242922';
export const WABA = '102290129340398';
export const SECRET = 'test-app-secret';

/** Everything that happens to a message happens at once. */
export const AT_ONCE = { sent_ms: [0, 0], delivered_ms: [0, 0], read_ms: [0, 0], mix: { read: 1 } } as const;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
  readonly text: string;
}

export interface Sim {
  readonly simulator: Simulator;
  readonly url: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** POST to the messages endpoint of the usual number. */
  send(message: Json, headers?: Record<string, string>): Promise<Answer>;
  side(method: string, path: string, body?: unknown): Promise<Json>;
  ledger(): Promise<Json[]>;
  /** Until nothing is owed to the receiver any more. */
  settled(): Promise<void>;
}

export async function startSim(t: TestContext, options: SimulatorOptions = {}): Promise<Sim> {
  const simulator = await createSimulator('seed' in options ? options : { seed: 1, ...options });
  const url = await simulator.start();
  t.after(() => simulator.stop());
  return clientOf(url, simulator);
}

export function clientOf(url: string, simulator: Simulator): Sim {
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer token',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: parse(text) };
  };
  const side = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await call(method, `/_sim/${path}`, body);
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  return {
    simulator,
    url,
    call,
    send: async (message, headers) => call('POST', `/v25.0/${NUMBER}/messages`, message, headers),
    side,
    ledger: async () => (await side('GET', 'ledger?limit=10000'))['data'] as Json[],
    settled: async () => {
      await until(async () => (await side('GET', 'state'))['owed_webhooks'] === 0);
    },
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

export async function until(condition: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited 10 s for ${what}`);
    await delay(5);
  }
}

export function template(to: string, name: string, components?: unknown[], over: Json = {}): Json {
  const { language = 'es', ...rest } = over;
  return {
    messaging_product: 'whatsapp',
    to,
    type: 'template',
    template: { name, language: { code: language }, ...(components === undefined ? {} : { components }) },
    ...rest,
  };
}

export function body(...texts: unknown[]): Json {
  return { type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) };
}

/** `bienvenida` with both of its values. */
export function welcome(to: string, over: Json = {}): Json {
  return template(to, 'bienvenida', [body('Ana', 'C-1')], over);
}

export function errorOf(answer: Answer): Json {
  return (answer.json['error'] ?? {}) as Json;
}

export function detailsOf(answer: Answer): unknown {
  return (errorOf(answer)['error_data'] as Json | undefined)?.['details'];
}

export function wamidFrom(answer: Answer): string {
  const [message] = answer.json['messages'] as Json[];
  return String(message?.['id']);
}

export interface Hook {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  readonly json: Json;
}

export interface Receiver {
  readonly url: string;
  readonly hooks: Hook[];
  /** The status codes to answer with, first come first served; then 200. */
  readonly answers: number[];
  statuses(): Json[];
  values(field: string): Json[];
}

/** A receiver of webhooks that answers 200 and keeps everything. */
export async function startReceiver(t: TestContext): Promise<Receiver> {
  const hooks: Hook[] = [];
  const answers: number[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const url = new URL(req.url ?? '/', 'http://x');
      if (req.method === 'GET') {
        const right = url.searchParams.get('hub.verify_token') === 'verify';
        res.writeHead(right ? 200 : 403).end(right ? url.searchParams.get('hub.challenge') : '');
        return;
      }
      const raw = Buffer.concat(chunks);
      hooks.push({ headers: req.headers, raw, json: JSON.parse(raw.toString('utf8')) as Json });
      res.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const changes = (): Json[] =>
    hooks.flatMap(({ json }) => (json['entry'] as Json[]).flatMap((entry) => entry['changes'] as Json[]));
  const values = (field: string): Json[] =>
    changes()
      .filter((change) => change['field'] === field)
      .map((change) => change['value'] as Json);
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`,
    hooks,
    answers,
    values,
    statuses: () => values('messages').flatMap((value) => (value['statuses'] ?? []) as Json[]),
  };
}

export function targetOf(receiver: Receiver): { url: string; appSecret: string; verifyToken: string } {
  return { url: receiver.url, appSecret: SECRET, verifyToken: 'verify' };
}
