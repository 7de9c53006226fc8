/**
 * Figures for Prometheus. What a process does itself is counted by it; what the database knows is read at each scrape, in one
 * statement, so every process gives the same answer and one scrape target is enough for those.
 */

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../lib/db/db.ts';
import { SILENT_SECONDS } from '../lib/jobs/processes.sql.ts';
import type { AccountScope } from '../numbers/account-state.ts';
import { heldBreakers } from '../numbers/circuit-breaker.sql.ts';
import type { Pacer } from '../numbers/pacer.ts';
import type { SendOutcome } from '../whatsapp/send-outcome.ts';
import { ALARM_CODES, type AlarmCode, readAlarms } from './alarms.ts';
import { type Gauges, readGauges } from './metrics.sql.ts';

/** The names without the prefix; docs/operations.md explains each, and the dashboard and the alerts use no others (a test compares). */
export const PREFIX = 'whatsapp_sender_';

export interface Metrics {
  readonly registry: Registry;
  /** Times and counts what goes to Meta. */
  timed<I>(post: (input: I) => Promise<SendOutcome>): (input: I) => Promise<SendOutcome>;
  webhook(result: 'stored' | 'bad_signature'): void;
  /** Figures of this process that are read when they are asked for. */
  watch(parts: Watched): void;
}

export interface Watched {
  readonly inFlight: () => number;
  readonly unrecorded: () => number;
  readonly queue: () => { readonly waiting: number; readonly running: number };
  readonly pacer: () => Promise<Pacer>;
}

/** Two scrapers in the same moment ask the database once. */
const FRESH_MS = 1_000;

export function createMetrics({ db, account }: { readonly db: Db; readonly account: AccountScope }): Metrics {
  const { mode } = account;
  const registry = new Registry();
  const registers = [registry];
  // Counted in plain numbers and told at the scrape: labels are looked up anew each time, and this is the busiest road.
  const counted = { accepted: 0, held: 0, rejected: 0, not_sent: 0, unknown: 0 };
  new Counter({
    name: `${PREFIX}posts_total`,
    help: 'POSTs to Meta by what they came to',
    labelNames: ['mode', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, n] of Object.entries(counted)) this.inc({ mode, outcome }, n);
    },
  });
  const seconds = new Histogram({
    name: `${PREFIX}post_seconds`,
    help: "Time until Meta's answer",
    labelNames: ['mode'],
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 20, 40],
    registers,
  });
  const ofMode = { mode };
  const webhooks = new Counter({
    name: `${PREFIX}webhooks_total`,
    help: 'Webhook POSTs by what was done with them',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['stored', 'bad_signature']) webhooks.inc({ result }, 0);
  addDatabaseGauges(registry, db, account);
  return {
    registry,
    timed: (post) => (input) => {
      const begun = performance.now();
      return post(input).then((outcome) => {
        seconds.observe(ofMode, (performance.now() - begun) / 1_000);
        counted[outcome.kind === 'accepted' && outcome.held ? 'held' : outcome.kind]++;
        return outcome;
      });
    },
    webhook: (result) => {
      webhooks.inc({ result });
    },
    watch: (parts) => {
      addProcessGauges(registry, parts);
    },
  };
}

type Read = (gauge: Gauge) => void | Promise<void>;

function addGauge(registry: Registry, name: string, help: string, labelNames: readonly string[], read: Read): void {
  new Gauge({
    name: PREFIX + name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      await read(this);
    },
  });
}

function addProcessGauges(registry: Registry, parts: Watched): void {
  const plain = (name: string, help: string, read: () => number): void => {
    addGauge(registry, name, help, [], (gauge) => {
      gauge.set(read());
    });
  };
  plain('in_flight_messages', 'Messages posted to Meta whose answer is out', parts.inFlight);
  plain('unrecorded_outcomes', 'Outcomes not yet committed', parts.unrecorded);
  plain('queue_waiting_jobs', 'Jobs that wait in this process', () => parts.queue().waiting);
  plain('queue_running_jobs', 'Jobs under way in this process', () => parts.queue().running);
  addGauge(registry, 'pace_messages_per_second', 'Pace of the sending number now', [], async (gauge) => {
    gauge.set((await (await parts.pacer()).state()).rate);
  });
  addGauge(registry, 'pace_ceiling_messages_per_second', 'Pace the sending number climbs back to', [], async (gauge) => {
    gauge.set((await (await parts.pacer()).state()).ceiling);
  });
  addGauge(
    registry,
    'pace_stopped_seconds',
    'Seconds for which the number stands still because Meta asked for it',
    [],
    async (gauge) => {
      gauge.set(Math.max(0, (await (await parts.pacer()).state()).stoppedUntilMs - Date.now()) / 1000);
    },
  );
}

function addDatabaseGauges(registry: Registry, db: Db, account: AccountScope): void {
  const read = shared(() => readGauges(db, SILENT_SECONDS));
  const alarms = shared(() => readAlarms(db, account));
  /** While the database is away these have no value: `database_up` says so, and /metrics still answers. */
  const told = (name: string, help: string, labelNames: readonly string[], set: (gauge: Gauge, gauges: Gauges) => void): void => {
    addGauge(registry, name, help, labelNames, async (gauge) => {
      gauge.reset();
      // Without labels a reset gauge says 0, which would be a lie.
      if (labelNames.length === 0) gauge.remove();
      const gauges = await read().catch(() => undefined);
      if (gauges !== undefined) set(gauge, gauges);
    });
  };
  addGauge(registry, 'database_up', '1 when the database answered at this scrape', [], async (gauge) => {
    gauge.set(
      await read().then(
        () => 1,
        () => 0,
      ),
    );
  });
  told('campaigns', 'Campaigns by status', ['mode', 'status'], (gauge, { campaigns }) => {
    for (const { mode: of, status, n } of campaigns) gauge.set({ mode: of, status }, n);
  });
  told('open_messages', 'Messages of campaigns that are not settled, by status', ['mode', 'status'], (gauge, { open }) => {
    for (const { mode: of, status, n } of open) gauge.set({ mode: of, status }, n);
  });
  told('webhooks_pending', 'Stored webhooks that wait to be applied', [], (gauge, { webhooks }) => {
    gauge.set(webhooks.pending);
  });
  told('webhooks_stuck', 'Webhooks set aside after several failed tries', [], (gauge, { webhooks }) => {
    gauge.set(webhooks.stuck);
  });
  told('webhook_lag_seconds', 'Age of the oldest webhook that waits to be applied', [], (gauge, { webhooks }) => {
    gauge.set(webhooks.oldest_seconds ?? 0);
  });
  told('webhook_last_seconds', 'Seconds since the last webhook arrived; none while none ever did', [], (gauge, { webhooks }) => {
    if (webhooks.last_seconds !== null) gauge.set(webhooks.last_seconds);
  });
  told('webhook_items', 'Webhook items ever applied, by kind (only grows)', ['kind'], (gauge, { webhooks }) => {
    for (const [kind, n] of Object.entries(webhooks.items)) gauge.set({ kind }, n);
  });
  told('processes_alive', 'Processes that gave a sign of life in the last 30 s', ['role'], (gauge, { processes }) => {
    for (const role of ['all', 'api', 'worker']) gauge.set({ role }, processes.find((one) => one.role === role)?.alive ?? 0);
  });
  told('heartbeat_age_seconds', 'Age of the youngest sign of life of a role', ['role'], (gauge, { processes }) => {
    for (const { role, seconds } of processes) gauge.set({ role }, seconds);
  });
  const held = shared(() => heldBreakers(db, account.mode));
  addGauge(
    registry,
    'circuit_breaker_open',
    'By number held back: 1 = nothing leaves because Meta does not answer, 0.5 = watched; a number that is well is missing',
    ['phone_number_id'],
    async (gauge) => {
      gauge.reset();
      for (const { phone_number_id: id, state } of (await held().catch(() => undefined)) ?? [])
        gauge.set({ phone_number_id: id }, state === 'open' ? 1 : 0.5);
    },
  );
  addGauge(
    registry,
    'outage_lost_messages',
    'Messages whose answer was lost in the outage of now, by number',
    ['phone_number_id'],
    async (gauge) => {
      gauge.reset();
      for (const { phone_number_id: id, lost } of (await held().catch(() => undefined)) ?? [])
        gauge.set({ phone_number_id: id }, lost);
    },
  );
  addGauge(registry, 'alarm', '1 while the alarm is raised', ['code'], async (gauge) => {
    gauge.reset();
    const raised = await alarms().catch(() => undefined);
    if (raised === undefined) return;
    const codes = new Set<AlarmCode>(raised.map((alarm) => alarm.code));
    for (const code of ALARM_CODES) gauge.set({ code }, codes.has(code) ? 1 : 0);
  });
}

/** One reading for all figures of a scrape. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: { readonly at: number; readonly result: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (reading === undefined || now - reading.at > FRESH_MS) reading = { at: now, result: read() };
    return reading.result;
  };
}
