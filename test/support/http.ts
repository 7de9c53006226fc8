import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { Registry } from 'prom-client';
import { buildServer, type ServerServices } from '../../src/app/server.ts';
import { ensureAdminKey } from '../../src/auth/api-keys.ts';
import { issueTicket, TICKET_SECONDS } from '../../src/auth/sessions.ts';
import { stillValid } from '../../src/auth/still-valid.ts';
import type { Db } from '../../src/lib/db/db.ts';
import type { App } from '../../src/lib/http/fastify-types.ts';
import { beat } from '../../src/lib/jobs/processes.sql.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { replaceTemplates } from '../../src/templates/templates.sql.ts';

import { createMetaClient } from '../../src/whatsapp/client.ts';

import { answerCheck } from './answer-check.ts';

import { INSTALLATION } from './sending.ts';
import { BIENVENIDA } from './templates.ts';

export const ADMIN = 'an-admin-key-of-the-settings-0123456789';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; fields are looked up by name. */
  readonly json: Record<string, unknown>;
}

export interface Door {
  readonly url: string;
  readonly server: App;
  readonly deps: ServerServices;
  readonly woken: number[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A key with these scopes. */
  key(...scopes: string[]): Promise<string>;
  campaign(name?: string): Promise<number>;
  upload(campaignId: number, csv: string, headers?: Record<string, string>): Promise<Answer>;
}

export interface CallOptions {
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Only against a hang. */
const ANSWER_MS = 60_000;

/** The real door over a real socket and a real database, with nobody behind it who sends. */
export async function openDoor(db: Db, changes: Partial<ServerServices> = {}): Promise<Door> {
  const woken: number[] = [];
  const deps = doorDeps(db, woken, changes);
  await ensureAdminKey(deps);
  await beat(db, { id: 'test-worker', role: 'worker', host: 'test', pid: 1 });
  const { raw, metaId, name, language, status, category, quality } = BIENVENIDA;
  await replaceTemplates(db, { mode: 'sandbox', wabaId: deps.wabaId }, [
    { raw, meta_id: metaId, name, language, status, category, quality },
  ]);
  const server = await buildServer(deps);
  await server.listen({ host: '127.0.0.1', port: 0 });
  after(() => server.close());
  const check = answerCheck(server.swagger());
  const { port } = server.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${String(port)}`;

  const call: Door['call'] = async (method, path, { key = ADMIN, body, headers = {} } = {}) => {
    const isRaw = typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
    const signal = AbortSignal.timeout(ANSWER_MS);
    const request: RequestInit = {
      method,
      redirect: 'manual',
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
      signal,
    };
    try {
      const response = await fetch(url + path, request);
      const text = await response.text();
      const fault = check.fault({ method, path, status: response.status, type: response.headers.get('content-type'), text });
      if (fault !== undefined) throw new Error(`An answer does not fit its description: ${fault}`);
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    } catch (error) {
      // A stream that should have been refused, say: told in words, and not by a test that never ends.
      if (signal.aborted) throw new Error(`${method} ${path} had no whole answer within ${String(ANSWER_MS / 1000)} s`);
      throw error;
    }
  };
  return {
    url,
    server,
    deps,
    woken,
    call,
    async key(...scopes) {
      const made = await call('POST', '/api/v1/keys', { body: { name: scopes.join(' '), scopes } });
      return String(made.json['key']);
    },
    async campaign(campaignName = 'Mi Campaña') {
      const made = await call('POST', '/api/v1/campaigns', {
        body: { name: campaignName, template_name: 'bienvenida', template_language: 'es' },
      });
      if (made.status !== 201) throw new Error(made.text);
      return Number(made.json['id']);
    },
    upload(campaignId, csv, headers = {}) {
      const form = new FormData();
      form.append('file', new Blob([csv], { type: 'text/csv' }), 'gente.csv');
      return call('POST', `/api/v1/campaigns/${String(campaignId)}/upload-recipients`, { body: form, headers });
    },
  };
}

function doorDeps(db: Db, woken: number[], changes: Partial<ServerServices>): ServerServices {
  const auth = { db, secretKey: 'a-secret-key-of-the-tests', adminApiKey: ADMIN, authMode: 'required' } as const;
  return {
    ...auth,
    mode: 'sandbox',
    phoneNumberId: '106540352242922',
    wabaId: '102290129340398',
    defaults: { batchSize: undefined, delayBetweenBatches: 0 },
    price: () => ({ currency: 'USD', flatMicros: 5_000 }),
    nextCard: () => undefined,
    refreshCards: () => Promise.resolve(),
    slot: 0,
    paceOf: () => Promise.resolve(undefined),
    wake: (ids) => woken.push(...ids),
    recall: () => undefined,
    log: silentLogger(),
    appName: 'WhatsApp Sender',
    version: '0.0.0-test',
    publicUrl: undefined,
    trustProxy: 0,
    corsOrigins: ['http://localhost:5173'],
    defaultCountry: 'CO',
    unknownGraceMinutes: 60,
    maxRecipients: 1000,
    marketOf: () => 'CO',
    installationId: INSTALLATION,
    keepList: () => Promise.resolve(),
    meta: createMetaClient({ baseUrl: 'http://127.0.0.1:1', version: 'v25.0', accessToken: 'none', connections: 1 }),
    onUnreadable: () => undefined,
    sendTest: (request) =>
      Promise.resolve({ message_id: 1, campaign_id: 1, status: 'accepted', wamid: 'wamid.test', to: request.to }),
    webhooks: { verify: () => undefined, receive: () => Promise.resolve('stored') },
    wakeApply: () => undefined,
    redisFault: undefined,
    hub: {
      async *subscribe({ campaignId, signal }) {
        yield { id: '1', data: { type: 'snapshot', campaign_id: campaignId ?? null } };
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
          if (signal.aborted) resolve(undefined);
        });
      },
    },
    issueTicket: async (actor) => ({ ticket: await issueTicket(auth, actor), expires_in: TICKET_SECONDS }),
    stillValid: (actor) => stillValid(auth, actor),
    metrics: new Registry(),
    backup: undefined,
    processState: () =>
      Promise.resolve({
        pace: null,
        queue: { waiting: 0 },
        diskFree: undefined,
        backups: undefined,
      }),
    ...changes,
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** A cursor, or '' at the end. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
