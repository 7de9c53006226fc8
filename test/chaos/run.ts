/** One run: build, load, strike after strike, settle, account. */

import { insist } from '../../src/cli/drill/api.ts';
import { isJson, readCampaigns, readLedger } from '../../src/cli/drill/facts.ts';
import { type Account, drawAccount } from '../../src/cli/drill/reconciliation.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { paceFaults, pauseFaults, type Span } from './ledger-checks.ts';
import { type Load, startLoad } from './load.ts';
import { describe, planStrikes, type Strike, type Topology } from './plan.ts';
import { startSampler } from './sampler.ts';
import { carryOut, type Struck } from './strike.ts';
import { buildWorld, PRICE_MICROS, type World } from './world.ts';

export interface RunOptions {
  readonly topology: Topology;
  readonly seed: number;
  readonly kills: number;
  /** No more strikes after so long, however many are left. */
  readonly minutes?: number;
  readonly rate?: number;
  readonly size?: number;
  readonly width?: number;
  /** Waits for leases to run out by themselves; otherwise the clock of dead processes' leases is put forward. */
  readonly patient?: boolean;
  readonly strikes?: readonly Strike[];
  readonly wrongClocks?: boolean;
  readonly smallDisk?: boolean;
  /** The folder of another version, built: all processes begin with it. */
  readonly previous?: string | undefined;
  readonly say?: (line: string) => void;
  readonly keep?: boolean;
}

export interface RunResult {
  readonly topology: Topology;
  readonly seed: number;
  readonly strikes: number;
  readonly samples: number;
  readonly seconds: number;
  readonly account: Account;
  /** Most people who may be unknown and were never accepted: claimed by a process at the moment it died, or lost by the network. */
  readonly doubtLimit: number;
  readonly missedPoints: readonly string[];
  /** Everything that must not be; empty = the run passed. */
  readonly faults: readonly string[];
}

/** 5 % of the sends are refused, in different ways; some fail later. */
const SIMULATOR = {
  latency: { min_ms: 5, max_ms: 120 },
  throughput: { enforce: false },
  pair: { enforce: false },
  magic_numbers: false,
  http_errors: { '131000': 0.02, '131016': 0.005, '131056': 0.002, '130429': 0.002, '131026': 0.02 },
  statuses: {
    sent_ms: [20, 400],
    delivered_ms: [100, 1_200],
    read_ms: [200, 2_500],
    mix: {
      read: 0.5,
      delivered: 0.3,
      sent: 0.05,
      '131026': 0.05,
      '131049': 0.03,
      read_without_delivered: 0.04,
      failed_after_delivered: 0.03,
    },
  },
  webhooks: {
    batch: 25,
    concurrency: 4,
    duplicate: 0.15,
    shuffle: 0.2,
    before_response: 0.1,
    timeout_ms: 8_000,
    retry_first_ms: 200,
    retry_factor: 1.6,
    retry_max_ms: 2_000,
  },
};
/** A process claims two slices at a time of 50 ms each, and answers of some tenths of a second may be out. */
const SECONDS_IN_DOUBT = 0.5;

export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { topology, seed, kills, rate = 250, say = () => undefined, patient = false } = options;
  const begun = performance.now();
  const strikes = options.strikes ?? planStrikes({ seed, topology, kills, patient });
  const world = await buildWorld({
    topology,
    rate,
    seed,
    config: SIMULATOR,
    wrongClocks: options.wrongClocks ?? false,
    smallDisk: options.smallDisk ?? false,
    previous: options.previous,
    keep: options.keep ?? false,
  });
  say(
    `${topology}, seed ${String(seed)}: ${String(strikes.length)} strikes; logs in ${world.folder}/logs; up after ${String(seconds(begun))} s`,
  );
  const notes: string[] = [];
  let over = false;
  const patienceMs = patient ? 900_000 : 300_000;
  const load = startLoad({
    api: world.api,
    seed,
    size: options.size ?? 600,
    width: options.width ?? 3,
    enough: () => over,
    patienceMs,
    note: (line) => notes.push(line),
  });
  const sampler = startSampler({
    databaseUrl: world.postgres?.url,
    api: world.api,
    everyMs: topology === 'embedded' ? 500 : 100,
  });
  const struck: Struck[] = [];
  const faults: string[] = [];
  try {
    await Promise.race([
      load.done,
      strikeAll(world, strikes, { struck, say, deadline: begun + (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000 }),
    ]);
    over = true;
    say(`all strikes done after ${String(seconds(begun))} s; settling`);
    await settle(world, load, patient, say);
    await sampler.stop();
    const account = await audit(world, load, {
      faults,
      rate,
      still: struck.flatMap(({ still }) => (still === undefined ? [] : [still])),
    });
    const doubtLimit = struck.reduce((sum, one) => sum + one.senders * Math.ceil(rate * SECONDS_IN_DOUBT) + one.notAccepted, 0);
    faults.push(
      ...account.faults.map(({ kind, campaign, person, what }) => `${kind} ${String(campaign)}.${String(person)}: ${what}`),
    );
    faults.push(...sampler.differences.map((line) => `in between: ${line}`));
    for (const child of new Set([...world.apis, ...world.workers, world.simulator])) faults.push(...child.surprises);
    if (account.unknownNeverAccepted.length > doubtLimit)
      faults.push(
        `${String(account.unknownNeverAccepted.length)} unknown, more than the ${String(doubtLimit)} that can have been in flight`,
      );
    for (const line of notes) say(`  ${line}`);
    return {
      topology,
      seed,
      strikes: struck.length,
      samples: sampler.samples,
      seconds: seconds(begun),
      account,
      doubtLimit,
      missedPoints: struck.flatMap((one) => one.missed ?? []),
      faults,
    };
  } finally {
    over = true;
    await sampler.stop();
    await world.close();
  }
}

interface Storm {
  readonly struck: Struck[];
  readonly say: (line: string) => void;
  readonly deadline: number;
}

async function strikeAll(world: World, strikes: readonly Strike[], { struck, say, deadline }: Storm): Promise<void> {
  for (const [i, strike] of strikes.entries()) {
    if (performance.now() > deadline) return;
    const accepted = await acceptedNow(world);
    // Under load: something must be lost for a strike to show anything.
    await insist(
      'messages to be accepted between two strikes',
      async () => ((await acceptedNow(world)) >= accepted + strike.after ? true : undefined),
      { withinMs: 300_000, everyMs: 20 },
    );
    const begun = performance.now();
    const result = await carryOut(world, strike);
    struck.push(result);
    say(
      `${String(i + 1).padStart(4)}  ${describe(strike)}${result.missed === undefined ? '' : ' (not passed in time)'}; up again after ${String(seconds(begun))} s`,
    );
  }
}

async function acceptedNow(world: World): Promise<number> {
  const { json } = await world.sim.call('GET', '/_sim/state');
  return Number(json['accepted']);
}

/** Everything has been told and applied, and every campaign has ended. */
async function settle(world: World, load: Load, patient: boolean, say: (line: string) => void): Promise<void> {
  await insist(
    'the faults to be lifted',
    async () => ((await world.sim.call('DELETE', '/_sim/faults')).status === 200 ? true : undefined),
    { withinMs: 30_000 },
  );
  if (world.topology === 'redis' && !patient) await passTimeOfTheDead(world);
  await load.done;
  say('every campaign has ended');
  await Promise.all([...world.apis, ...world.workers].map((child) => child.up()));
  await insist(
    'every webhook to be told and applied',
    async () => {
      const [state, status] = [await world.sim.call('GET', '/_sim/state'), await world.api.call('GET', '/api/v1/status')];
      const { webhooks } = status.json;
      if (!isJson(webhooks)) throw new Error(JSON.stringify(status.json));
      if (Number(webhooks['stuck']) > 0) throw new Error(`${String(webhooks['stuck'])} webhooks cannot be applied`);
      if (Number(state.json['owed_webhooks']) > 0 || Number(webhooks['pending']) > 0)
        throw new Error(`owed ${String(state.json['owed_webhooks'])}, pending ${String(webhooks['pending'])}`);
      return true;
    },
    { withinMs: 300_000, everyMs: 200 },
  );
}

/** An upload cut off by a kill holds its place for minutes: its clock is put forward. Whoever was being sent to is found by the living. */
async function passTimeOfTheDead(world: World): Promise<void> {
  await Promise.all(world.workers.map((worker) => worker.up()));
  const db = openPostgres({ connectionString: world.postgres?.url ?? '', max: 1 });
  await db.query(`update uploads set progress_at = clock_timestamp() - interval '1 hour' where status = 'open'`);
  await db.close();
}

interface AuditOf {
  readonly faults: string[];
  readonly rate: number;
  /** When the simulator stood still. */
  readonly still: readonly Span[];
}

async function audit(world: World, load: Load, { faults, rate, still }: AuditOf): Promise<Account> {
  const campaigns = await readCampaigns(world.api);
  const ledger = await readLedger(world.sim);
  const { json: summary } = await world.sim.call('GET', '/_sim/ledger/summary');
  for (const what of ['repeated_callback', 'repeated_person'])
    if (summary[what] !== 0) faults.push(`the simulator counts ${what}: ${String(summary[what])}`);
  for (const campaign of campaigns) {
    const { json } = await world.api.call('GET', `/api/v1/campaigns/${String(campaign.id)}/recount?journal=true`);
    if (json['ok'] !== true) faults.push(`recount of campaign ${String(campaign.id)}: ${JSON.stringify(json).slice(0, 500)}`);
  }
  const billed = ledger.filter(({ final }) => final === 'delivered' || final === 'read').length * PRICE_MICROS;
  const charged = campaigns.reduce((sum, campaign) => sum + campaign.costMicros, 0);
  if (billed !== charged) faults.push(`cost: ${String(charged)} micros, the ledger makes ${String(billed)}`);
  faults.push(...paceFaults(ledger, rate, still));
  faults.push(
    ...pauseFaults(
      ledger,
      load.promised.flatMap(({ pauses, phones }) => pauses.map((pause) => ({ ...pause, phones }))),
    ),
  );
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  for (const { campaign, kind, phones } of load.promised) {
    const listed = new Set(byId.get(campaign)?.people.map((person) => Number(person.phone.slice(1))));
    const missing = [...phones].filter((phone) => !listed.has(phone));
    if (missing.length > 0)
      faults.push(
        `campaign ${String(campaign)} (${kind}) lost ${String(missing.length)} people whose upload was answered: ${missing.slice(0, 5).join(', ')}`,
      );
  }
  return drawAccount(campaigns, ledger);
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}

export function tell(result: RunResult): string {
  const { account } = result;
  const byStatus = Object.entries(account.by_status).flatMap(([box, n]) => (n > 0 ? [`${box} ${String(n)}`] : []));
  return [
    `${result.topology}, seed ${String(result.seed)}: ${String(result.strikes)} strikes in ${String(result.seconds)} s, ${String(result.samples)} recounts in between`,
    `  people ${String(account.people)}, accepted ${String(account.accepted)}, written twice ${String(account.repeated)}, lost ${String(account.lost)}`,
    `  by status: ${byStatus.join(', ')}`,
    `  unknown and never accepted: ${String(account.unknownNeverAccepted.length)} (at most ${String(result.doubtLimit)} can have been in flight); unknown and never told: ${String(account.unknownNeverTold.length)}`,
    ...(result.missedPoints.length > 0 ? [`  points not passed in time: ${result.missedPoints.join(', ')}`] : []),
    ...(result.faults.length === 0
      ? ['  ✔ adds up']
      : [`  ✖ ${String(result.faults.length)} faults`, ...result.faults.slice(0, 40).map((fault) => `    ${fault}`)]),
  ].join('\n');
}
