import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { type App, startApp } from '../../src/app/bootstrap.ts';
import { type Env, loadConfig } from '../../src/config/config.ts';
import { createLogger, silentLogger } from '../../src/lib/log.ts';
import { preparedDatabase } from './prepared.ts';

export const ADMIN_KEY = 'test-admin-key-0123456789abcdef0123456789';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON, unchecked: tests look at single fields. */
  readonly json: Record<string, unknown>;
}

/** The whole program on a folder of its own, in sandbox mode, with the real simulator; spoken to over real sockets. */
export interface TestHouse {
  readonly app: App;
  readonly dataDir: string;
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  upload(campaignId: number, csv: string): Promise<Answer>;
  /** The simulator's side door. */
  sim(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
  /** Starts again on the same folder. */
  restart(between?: { readonly boot?: string; readonly before?: () => void }): Promise<void>;
  remove(): void;
}

export async function openHouse(settings: Env = {}): Promise<TestHouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'house-'));
  // What a first start does on an empty folder is shown by integration/cli-process.test.ts; here it would be seconds a file.
  if (settings['DATABASE_URL'] === undefined && settings['DATA_DIR'] === undefined)
    cpSync(await preparedDatabase(), join(dataDir, 'database'), { recursive: true });
  const start = async (boot?: string): Promise<App> => {
    const loaded = loadConfig({ DATA_DIR: dataDir, PORT: '0', ADMIN_API_KEY: ADMIN_KEY, LOG_LEVEL: 'silent', ...settings });
    if (!loaded.ok) throw new Error(loaded.faults.join(' '));
    return startApp({
      config: loaded.config,
      ...(boot === undefined ? {} : { boot }),
      log: process.env['HOUSE_LOG'] === undefined ? silentLogger() : createLogger({ level: 'warn' }),
    });
  };
  let app = await start();
  const send = async (
    base: string,
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer> => {
    const isForm = body instanceof FormData;
    const response = await request(new URL(path, base), {
      method: method as 'GET',
      headers: { ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isForm ? (body as never) : JSON.stringify(body) }),
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, text, json: parse(text) };
  };
  const call: TestHouse['call'] = (method, path, body, headers = {}) =>
    send(app.url, method, path, body, { authorization: `Bearer ${ADMIN_KEY}`, ...headers });
  return {
    get app() {
      return app;
    },
    dataDir,
    call,
    async upload(campaignId, csv) {
      const boundary = 'test-boundary';
      const body = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n${csv}\r\n--${boundary}--\r\n`;
      const response = await request(new URL(`/api/v1/campaigns/${String(campaignId)}/upload-recipients`, app.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
        body,
      });
      const text = await response.body.text();
      return { status: response.statusCode, headers: response.headers, text, json: parse(text) };
    },
    sim(method, path, body) {
      if (app.sandboxUrl === undefined) throw new Error('no bundled simulator');
      return send(app.sandboxUrl, method, path, body, {});
    },
    stop: () => app.stop(),
    async restart({ boot, before } = {}) {
      await app.stop();
      before?.();
      app = await start(boot);
    },
    remove() {
      rmSync(dataDir, { recursive: true, force: true });
    },
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

/** Looks every 20 ms until `look` gives something; fails after `withinMs` with what it last saw. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, withinMs = 30_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
