/**
 * The drill: a campaign in the simulator, while the process that sends it is killed again and again; then the account. It shows on
 * this machine, with this build, that nobody is written to twice and nobody is forgotten.
 */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { many } from '../../lib/plural.ts';
import type { ByStatus } from '../../lifecycle/message.ts';
import { csvForm, insist, type JsonApi, openApi } from './api.ts';
import { type Child, createChild } from './child.ts';
import { byStatusOf, isJson, readCampaigns, readLedger } from './facts.ts';
import { chanceOf } from './random.ts';
import { drawAccount, type Fault } from './reconciliation.ts';

export interface DrillOptions {
  readonly people: number;
  readonly kills: number;
  /** Messages per second, at most. */
  readonly rate: number;
  readonly seed: number;
  /** How Node runs this program: flags and the file of the command line. */
  readonly program: readonly string[];
  /** What every program needs of the environment, and nothing of the settings. */
  readonly systemEnv: Readonly<Record<string, string>>;
  /** Empty, and the drill's alone. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface DrillReport {
  readonly ok: boolean;
  readonly seed: number;
  readonly people: number;
  readonly kills: number;
  readonly seconds: number;
  /** By the simulator. */
  readonly accepted: number;
  readonly by_status: ByStatus;
  readonly repeated: number;
  readonly lost: number;
  /** How often the statuses were looked at meanwhile, and how often their sum was not everybody on the list. */
  readonly looks: { readonly taken: number; readonly wrong: number };
  readonly unknown: {
    /** Most at one moment. */
    readonly peak: number;
    readonly settled: number;
    /** Claimed when the process died, and never sent: unknown to the sender, and the simulator never had them. */
    readonly never_accepted: number;
    /** Accepted, and not settled though the simulator told of them: must be none. */
    readonly open: number;
  };
  readonly faults: readonly Fault[];
}

const KEY = 'drill-key-0123456789abcdef0123456789abcdef';
const APP_SECRET = 'drill-app-secret';
const VERIFY_TOKEN = 'drill-verify-token';
/** A slow machine must not fail the drill: so long for each step, and twice the time the sending itself takes. */
const PATIENCE_MS = 300_000;
const TELL_MS = 10_000;

/**
 * A little of everything: one in twenty is refused (passing errors and final ones), one in twenty fails later, webhooks come doubled,
 * shuffled and before the answer.
 */
const SIMULATOR = {
  latency: { min_ms: 5, max_ms: 80 },
  throughput: { enforce: false },
  magic_numbers: false,
  http_errors: { '131000': 0.01, '131016': 0.005, '131056': 0.005, '131026': 0.015, '131049': 0.01, '130472': 0.005 },
  statuses: {
    sent_ms: [20, 300],
    delivered_ms: [100, 900],
    read_ms: [200, 1_800],
    mix: { read: 0.6, delivered: 0.3, sent: 0.05, '131026': 0.03, '131049': 0.02 },
  },
  webhooks: { duplicate: 0.15, shuffle: 0.2, before_response: 0.1, retry_first_ms: 200, retry_max_ms: 2_000 },
};

interface Stage {
  readonly app: Child;
  readonly simulator: Child;
  readonly api: JsonApi;
  readonly sim: JsonApi;
}

export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const begun = performance.now();
  const stage = await setUp(options);
  try {
    const id = await startCampaign(stage, options);
    const looks = { taken: 0, wrong: 0 };
    const peak = await killAgainAndAgain(stage, options, id, looks);
    options.say('No more kills. Waiting until everything has been sent, told and applied …');
    await settle(stage, options, id, looks);
    const campaigns = await readCampaigns(stage.api);
    const account = drawAccount(campaigns, await readLedger(stage.sim));
    const stillUnknown = account.unknownNeverAccepted.length + account.unknownNeverTold.length;
    const listed = campaigns.reduce((sum, campaign) => sum + campaign.people.length, 0);
    return {
      ok:
        account.ok &&
        account.repeated === 0 &&
        account.lost === 0 &&
        account.unknownNeverTold.length === 0 &&
        looks.wrong === 0 &&
        listed === options.people,
      seed: options.seed,
      people: listed,
      kills: options.kills,
      seconds: Math.round((performance.now() - begun) / 100) / 10,
      accepted: account.accepted,
      by_status: account.by_status,
      repeated: account.repeated,
      lost: account.lost + Math.max(0, options.people - listed),
      looks,
      unknown: {
        peak: Math.max(peak, stillUnknown),
        settled: Math.max(peak, stillUnknown) - stillUnknown,
        never_accepted: account.unknownNeverAccepted.length,
        open: account.unknownNeverTold.length,
      },
      faults: account.faults,
    };
  } finally {
    await Promise.all([stage.app.kill(), stage.simulator.kill()]);
  }
}

async function setUp({ program, systemEnv, folder, say, seed, rate }: DrillOptions): Promise<Stage> {
  const [simPort, appPort] = [await freePort(), await freePort()];
  const [simUrl, appUrl] = [`http://127.0.0.1:${String(simPort)}`, `http://127.0.0.1:${String(appPort)}`];
  say(`A simulated Meta at ${simUrl}, the product at ${appUrl}, both in ${folder}.`);
  const simulator = createChild({
    name: 'simulator',
    command: [
      ...program,
      ...['simulator', '--port', String(simPort), '--data-dir', join(folder, 'meta'), '--seed', String(seed)],
      ...['--webhook-url', `${appUrl}/api/v1/webhooks/whatsapp`, '--app-secret', APP_SECRET, '--verify-token', VERIFY_TOKEN],
    ],
    env: systemEnv,
    folder,
    ready: 'answers at',
    healthUrl: `${simUrl}/_sim/health`,
  });
  const app = createChild({
    name: 'product',
    command: [...program, 'start'],
    env: {
      ...systemEnv,
      DATA_DIR: join(folder, 'data'),
      PORT: String(appPort),
      ADMIN_API_KEY: KEY,
      WHATSAPP_API_BASE_URL: simUrl,
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
      WHATSAPP_MESSAGES_PER_SECOND: String(rate),
      RETRY_DELAY_SECONDS: '0.5',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
    },
    folder,
    ready: 'is running',
    healthUrl: `${appUrl}/health/live`,
  });
  const stage = { app, simulator, api: openApi({ url: appUrl, key: KEY }), sim: openApi({ url: simUrl }) };
  try {
    simulator.spawn();
    await simulator.up();
    await must(stage.sim, '/_sim/config', SIMULATOR);
    app.spawn();
    await app.up();
    return stage;
  } catch (error) {
    await Promise.all([app.kill(), simulator.kill()]);
    throw error;
  }
}

async function startCampaign({ api }: Stage, { people, say }: DrillOptions): Promise<number> {
  const campaign = await must(api, '/api/v1/campaigns', { name: 'Drill', template_name: 'bienvenida', template_language: 'es' });
  const id = Number(campaign['id']);
  const lines = Array.from({ length: people }, (_, i) => `+${String(573_000_000_000 + i)},Ana ${String(i)},C-${String(i)}`);
  const form = csvForm(`Recipient-Phone-Number,variable_1,variable_2\n${lines.join('\n')}\n`);
  const upload = await api.call('POST', `/api/v1/campaigns/${String(id)}/upload-recipients`, form.body, form.headers);
  if (upload.status !== 200) throw new Error(`the upload was refused: ${JSON.stringify(upload.json)}`);
  await must(api, `/api/v1/campaigns/${String(id)}/start`, undefined);
  say(`A campaign of ${many(people, 'person', 'people')} is running.`);
  return id;
}

interface Looks {
  taken: number;
  wrong: number;
}

/** The campaign's figures as anybody sees them; each time its statuses must add up to everybody on the list. */
async function look(
  { api }: Stage,
  { people }: DrillOptions,
  id: number,
  looks: Looks,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, json } = await api.call('GET', `/api/v1/campaigns/${String(id)}/stats`);
  if (status !== 200) throw new Error(`the campaign's figures: ${String(status)} ${JSON.stringify(json)}`);
  looks.taken++;
  const sum = Object.values(byStatusOf(json['by_status'])).reduce((total, n) => total + n, 0);
  if (sum !== people) looks.wrong++;
  return json;
}

/** @returns the most that were unknown at one moment. */
async function killAgainAndAgain(stage: Stage, options: DrillOptions, id: number, looks: Looks): Promise<number> {
  const { kills, people, seed, say, signal } = options;
  const chance = chanceOf(seed);
  let peak = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const accepted = await acceptedNow(stage.sim);
    const wanted = accepted + chance.whole(1, Math.max(1, Math.floor((people * 0.9 - accepted) / (kills - kill + 1))));
    const isOver = async (): Promise<boolean> => (await look(stage, options, id, looks))['status'] === 'completed';
    await insist(
      'the campaign to move on',
      async () => ((await acceptedNow(stage.sim)) >= wanted || (await isOver()) ? true : undefined),
      { withinMs: PATIENCE_MS, everyMs: 15, signal },
    );
    await stage.app.kill();
    stage.app.spawn();
    await stage.app.up();
    const { unknown } = byStatusOf((await look(stage, options, id, looks))['by_status']);
    peak = Math.max(peak, unknown);
    say(
      `Kill ${String(kill)} of ${String(kills)} after ${String(await acceptedNow(stage.sim))} accepted; up again, ${String(unknown)} unknown.`,
    );
  }
  return peak;
}

async function settle(stage: Stage, options: DrillOptions, id: number, looks: Looks): Promise<void> {
  const { api, sim } = stage;
  const { people, rate, say, signal } = options;
  let toldAt = performance.now();
  await insist(
    'the campaign to end and every webhook to be applied',
    async () => {
      const campaign = await look(stage, options, id, looks);
      if (campaign['status'] === 'paused') await api.call('POST', `/api/v1/campaigns/${String(id)}/resume`);
      if (performance.now() - toldAt > TELL_MS) {
        toldAt = performance.now();
        say(`${String(campaign['messages_sent'])} of ${String(people)} accepted.`);
      }
      if (campaign['status'] !== 'completed') throw new Error(`the campaign is ${String(campaign['status'])}`);
      const { json: state } = await sim.call('GET', '/_sim/state');
      const { json: status } = await api.call('GET', '/api/v1/status');
      const pending = isJson(status['webhooks']) ? Number(status['webhooks']['pending']) : Number.NaN;
      if (state['owed_webhooks'] !== 0 || pending !== 0)
        throw new Error(`${String(state['owed_webhooks'])} webhooks not told, ${String(pending)} not applied`);
      return true;
    },
    { withinMs: PATIENCE_MS + (people / rate) * 2_000, everyMs: 200, signal },
  );
}

async function acceptedNow(sim: JsonApi): Promise<number> {
  return Number((await sim.call('GET', '/_sim/state')).json['accepted']);
}

async function must(api: JsonApi, path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const answer = await api.call('POST', path, body);
  if (answer.status >= 300) throw new Error(`POST ${path} answered ${String(answer.status)}: ${JSON.stringify(answer.json)}`);
  return answer.json;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
