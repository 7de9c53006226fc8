import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccount, type WebhookTarget } from './account.ts';
import { answerFailure, answerRefusal } from './answer.ts';
import { NEWEST_VERSION, tokenFault, tokenOf, versionOf } from './auth.ts';
import { type ConfigPatch, defaultConfig, patchConfig } from './config.ts';
import { Faults } from './faults.ts';
import { isOfForeignPage } from './foreign.ts';
import { refuse, traceId, unknownObject } from './graph-error.ts';
import { handleGraph } from './graph-routes.ts';
import { Ledger } from './ledger.ts';
import { Limits } from './limits.ts';
import { MediaStore } from './media.ts';
import { mix, seededRandom } from './random.ts';
import { handleSend } from './send.ts';
import { handleSideDoor } from './side-door.ts';
import { openStore, resumeHeld, runOf } from './storage.ts';
import { seedTemplates } from './template-seed.ts';
import { TemplateStore } from './templates.ts';
import { Webhooks } from './webhooks.ts';
import { wamidOf } from './wire.ts';
import { findNumber, type World } from './world.ts';

export interface SimulatorOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Absent: everything is forgotten at stop. */
  readonly dataDir?: string | undefined;
  /** With a seed the same calls give the same wamids, outcomes and disorder. Without one only the wamids differ from run to run. */
  readonly seed?: number | undefined;
  readonly webhook?: WebhookTarget | undefined;
  /** Absent: any token, but the ones configured as expired or wrong. */
  readonly accessTokens?: readonly string[] | undefined;
  readonly phoneNumberIds?: readonly string[] | undefined;
  readonly wabaId?: string | undefined;
  readonly config?: ConfigPatch | undefined;
}

export interface Simulator {
  readonly url: string;
  /** Resolves with the address. */
  start(): Promise<string>;
  /** Cuts every connection, hung ones too. */
  stop(): Promise<void>;
  setWebhookTarget(target: WebhookTarget | null): void;
}

export const DEFAULT_PHONE_NUMBER_ID = '106540352242922';
export const DEFAULT_WABA_ID = '102290129340398';
const MAX_BODY = 1024 * 1024;
const MAX_UPLOAD = 101 * 1024 * 1024;

/** Builds a simulator; it listens once started. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = new HttpSimulator(options);
  return Promise.resolve(sim);
}

class HttpSimulator implements Simulator {
  readonly #world: World;
  readonly #server: Server;
  readonly #options: SimulatorOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #url = '';
  #stopped = false;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#world = buildWorld(options, {
      url: () => this.#url,
      later: (ms, then) => {
        this.#later(ms, then);
      },
    });
    this.#server = createServer({ keepAlive: true, noDelay: true }, (req, res) => {
      dispatch(this.#world, req, res);
    });
    this.#server.keepAliveTimeout = 72_000;
    this.#server.headersTimeout = 75_000;
    this.#server.requestTimeout = 0;
    this.#server.timeout = 0;
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<string> {
    const { port = 0, host = '127.0.0.1' } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address() as AddressInfo;
    this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}`;
    if (this.#options.webhook !== undefined) this.#world.save();
    resumeHeld(this.#world);
    this.#world.webhooks.wake();
    return this.#url;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#world.webhooks.stop();
    this.#world.journal?.flush();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
    this.#world.journal?.close();
  }

  setWebhookTarget(target: WebhookTarget | null): void {
    this.#world.account.target = target;
    this.#world.save();
    this.#world.webhooks.wake();
  }

  #later(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    this.#timers.add(timer);
  }
}

function buildWorld(options: SimulatorOptions, life: Pick<World, 'url' | 'later'>): World {
  const patched = patchConfig(defaultConfig(), options.config ?? {});
  if ('faults' in patched) throw new Error(`Simulator configuration: ${patched.faults.join('; ')}`);
  const config = patched.config;
  if (options.accessTokens !== undefined) config.tokens.valid = [...options.accessTokens];
  const seed = options.seed ?? 1;
  const run = options.seed === undefined ? randomBytes(4).toString('hex').toUpperCase() : runOf(seed);
  const account = createAccount(options.wabaId ?? DEFAULT_WABA_ID, options.phoneNumberIds ?? [DEFAULT_PHONE_NUMBER_ID]);
  const parts = {
    ledger: new Ledger(),
    limits: new Limits(),
    templates: new TemplateStore(seedTemplates(Date.now())),
    media: new MediaStore(options.dataDir),
    account,
    config,
    run,
    seed,
  };
  const store = openStore(options.dataDir, parts);
  if (options.webhook !== undefined) account.target = options.webhook;
  let traces = 0;
  const world: World = {
    ...parts,
    run: store.run,
    faults: new Faults(seededRandom(mix(seed, 0xfa))),
    random: seededRandom(mix(seed, 0x5e)),
    journal: store.journal,
    webhooks: new Webhooks({
      ledger: parts.ledger,
      account,
      config: () => world.config,
      journal: store.journal,
      random: seededRandom(mix(seed, 0xeb)),
      wamid: (row) => wamidOf(String(parts.ledger.wa(row)), world.run, row),
    }),
    ...life,
    trace: () => {
      traces += 1;
      return traceId(world.run, traces);
    },
    counts: { requests: 0, refused: {}, managementCalls: 0, managementHour: Date.now(), usageHeaders: [] },
    compiled: new WeakMap(),
    pacing: new Map(),
    refusedOnce: new Set(),
    endOfTurn: turns(),
    save: () => {
      store.save(world);
    },
  };
  store.restoreOwed(world.webhooks);
  return world;
}

/** Collects what is to run at the end of a turn: one immediate for all, and the writes of a turn side by side. */
function turns(): (then: () => void) => void {
  let waiting: (() => void)[] = [];
  const run = (): void => {
    const batch = waiting;
    waiting = [];
    for (const then of batch) then();
  };
  return (then) => {
    if (waiting.push(then) === 1) setImmediate(run);
  };
}

/** Raw routing: the messages endpoint is recognised by its last segment before anything else is looked at. */
function dispatch(world: World, req: IncomingMessage, res: ServerResponse): void {
  world.counts.requests += 1;
  const target = req.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  if (!path.startsWith('/_sim') && isOfForeignPage(req)) {
    req.resume();
    answerRefusal(world, res, refuse(10, 'A web page of another origin may not use this simulator: it takes any token.'));
    return;
  }
  if (req.method === 'POST' && path.endsWith('messages')) {
    readBody(world, req, res, MAX_BODY, (body) => {
      send(world, req, res, path, query, body.toString('utf8'));
    });
    return;
  }
  readBody(world, req, res, MAX_UPLOAD, (body) => {
    if (path.startsWith('/_sim')) handleSideDoor(world, req, res, path, query, body.toString('utf8'));
    else handleGraph(world, req, res, path, query, body);
  });
}

function readBody(world: World, req: IncomingMessage, res: ServerResponse, max: number, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  req.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= max) chunks.push(chunk);
  });
  req.on('end', () => {
    if (size > max)
      answerRefusal(world, res, refuse(100, undefined, { status: 413, message: '(#100) The request is too large.' }));
    else
      guarded(world, res, () => {
        then(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
      });
  });
  req.on('error', () => {
    res.destroy();
  });
}

/** What nobody foresaw fails this one request: uncaught it would end the process, and the app's with it where both are one. */
function guarded(world: World, res: ServerResponse, act: () => void): void {
  try {
    act();
  } catch (error) {
    answerFailure(world, res, error);
  }
}

function send(world: World, req: IncomingMessage, res: ServerResponse, path: string, query: string, body: string): void {
  const segments = path.split('/');
  const version = segments.length === 4 ? versionOf(segments[1] ?? '') : NEWEST_VERSION;
  const id = segments.at(-2) ?? '';
  const route = segments.at(-1);
  if (version === undefined || (route !== 'messages' && route !== 'marketing_messages')) {
    handleGraph(world, req, res, path, query, Buffer.from(body));
    return;
  }
  if (typeof version !== 'number') {
    answerRefusal(world, res, version);
    return;
  }
  const fault = tokenFault(world.config, tokenOf(req, query));
  const number = fault === undefined ? findNumber(world, id) : undefined;
  if (fault !== undefined || number === undefined) {
    answerRefusal(world, res, fault ?? unknownObject(id, 'post'));
    return;
  }
  handleSend(world, req, res, { number, route, version, body });
}
