/**
 * Live updates as state, not as a log: while somebody watches, the counters are read again and again, and what changed goes out.
 * Whichever process did the work, the database tells; nothing can be missed, because each event is the whole state of its campaign.
 * A crash loses nothing: a browser that comes back begins with the state of that moment.
 */
import type { z } from 'zod';
import { CampaignSchema, StatsSchema } from '../campaigns/schema.ts';
import { campaignStats, type SendingNow, viewCampaigns } from '../campaigns/stats.ts';
import type { Db } from '../lib/db/db.ts';
import type { LiveEvent } from '../lib/http/sse.ts';
import { Problem } from '../lib/problem.ts';

export interface LiveUpdate extends LiveEvent {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One campaign's state as it is told; `id` tells them apart. */
export type LiveState = Readonly<Record<string, unknown>> & { readonly id: number };

/** Campaigns in the list of all. */
const LIST_LENGTH = 200;

/** The figures of one campaign, or the latest campaigns, in the API's shapes: what these do not name never leaves. */
export function liveStates({ db, ...now }: SendingNow & { readonly db: Db }): HubDeps['read'] {
  return async (campaignId) => {
    if (campaignId !== undefined) return [StatsSchema.parse(await campaignStats(db, campaignId, now))];
    const { data } = await viewCampaigns(db, { sort: 'created_at', descending: true, limit: LIST_LENGTH, offset: 0 });
    return data.map((campaign): z.output<typeof CampaignSchema> => CampaignSchema.parse(campaign));
  };
}

export interface HubDeps {
  /** The state of one campaign, or of the latest ones; one short query. */
  readonly read: (campaignId: number | undefined) => Promise<readonly LiveState[]>;
  /** Told once for a row of failures, not for each. */
  readonly onError: (error: unknown) => void;
}

export interface Subscription {
  /** Undefined = all campaigns. */
  readonly campaignId: number | undefined;
  /** Every stream begins with the whole state, so nothing depends on it. */
  readonly lastEventId?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Hub {
  /** First the whole state, then what changed, at most five times a second; ends with the signal or with its campaign. A slow taker gets fewer, newer states. */
  subscribe(request: Subscription): AsyncIterable<LiveUpdate>;
  watched(): number;
}

interface Rhythm {
  readonly busyMs: number;
  readonly quietMs: number;
}

/** Five changes a second at most; a campaign in which nothing moves is looked at less often. */
const ONE: Rhythm = { busyMs: 200, quietMs: 500 };
/** The list reads the tallies of all its campaigns at once, and nobody follows a single message in it. */
const LIST: Rhythm = { busyMs: 500, quietMs: 2_000 };
const QUIET_AFTER = 10;
/** A database that is away is asked less and less often, up to this. */
const FAILED_MS = 2_000;

/** One campaign, or all, read for everybody who watches it. */
class Watch {
  version = 0;
  states: ReadonlyMap<number, { readonly state: LiveState; readonly text: string }> = new Map();
  #watchers = 0;
  #waiting: (() => void)[] = [];
  #reading = false;
  #isGone = false;
  readonly #read: () => Promise<readonly LiveState[]>;
  readonly #rhythm: Rhythm;
  readonly #onError: (error: unknown) => void;

  constructor(read: () => Promise<readonly LiveState[]>, rhythm: Rhythm, onError: (error: unknown) => void) {
    this.#read = read;
    this.#rhythm = rhythm;
    this.#onError = onError;
  }

  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  /** The campaign was deleted: there is nothing more to tell. */
  get isGone(): boolean {
    return this.#isGone;
  }

  enter(): void {
    this.#watchers++;
    if (!this.#reading) {
      this.#reading = true;
      void this.#loop();
    }
  }

  leave(): void {
    this.#watchers--;
    if (this.#watchers === 0) this.#wake();
  }

  /** Resolves when there is a version after `version`, or there will be none, or the signal fires. */
  async newer(version: number, signal: AbortSignal): Promise<void> {
    while (this.version <= version && !this.#isGone && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          this.#waiting = this.#waiting.filter((other) => other !== wake);
          resolve();
        };
        this.#waiting.push(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }

  async #loop(): Promise<void> {
    const { busyMs, quietMs } = this.#rhythm;
    let unchanged = 0;
    let failures = 0;
    while (this.#watchers > 0) {
      try {
        unchanged = this.#take(await this.#read()) ? 0 : unchanged + 1;
        failures = 0;
      } catch (error) {
        if (error instanceof Problem && error.code === 'campaign_not_found') {
          this.#isGone = true;
          this.#wake();
          break;
        }
        if (failures++ === 0) this.#onError(error);
      }
      const calm = unchanged > QUIET_AFTER ? quietMs : busyMs;
      const wait = failures === 0 ? calm : Math.max(busyMs, Math.min(FAILED_MS, busyMs * 2 ** Math.min(failures, 10)));
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    this.#reading = false;
  }

  #take(states: readonly LiveState[]): boolean {
    const next = new Map(states.map((state) => [state.id, { state, text: JSON.stringify(state) }]));
    const isSame =
      this.version > 0 &&
      next.size === this.states.size &&
      [...next].every(([id, { text }]) => this.states.get(id)?.text === text);
    if (isSame) return false;
    this.states = next;
    this.version++;
    this.#wake();
    return true;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

export function createHub(deps: HubDeps): Hub {
  const watches = new Map<number | undefined, Watch>();
  // Ids of this life differ from those of the last, so a browser's Last-Event-ID is never taken for a state it has seen.
  const life = Date.now().toString(36);

  async function* subscribe({ campaignId, signal }: Subscription): AsyncGenerator<LiveUpdate> {
    const watch =
      watches.get(campaignId) ?? new Watch(() => deps.read(campaignId), campaignId === undefined ? LIST : ONE, deps.onError);
    watches.set(campaignId, watch);
    watch.enter();
    const told = new Map<number, string>();
    let version = 0;
    try {
      for (;;) {
        await watch.newer(version, signal);
        if (signal.aborted || watch.isGone) return;
        const first = version === 0;
        version = watch.version;
        const changes = takeChanges(watch, told);
        const id = `${life}.${String(version)}`;
        const type = first ? 'snapshot' : 'update';
        if (campaignId === undefined) yield { id, data: { type, ...changes } };
        else if (changes.campaigns[0] !== undefined) yield { id, data: { type, ...changes.campaigns[0] } };
      }
    } finally {
      watch.leave();
      if (!watch.isWatched && watches.get(campaignId) === watch) watches.delete(campaignId);
    }
  }

  return { subscribe, watched: () => watches.size };
}

/** What this taker has not been told yet. */
function takeChanges(watch: Watch, told: Map<number, string>): { campaigns: LiveState[]; gone: number[] } {
  const campaigns: LiveState[] = [];
  for (const [id, { state, text }] of watch.states) {
    if (told.get(id) === text) continue;
    told.set(id, text);
    campaigns.push(state);
  }
  const gone = [...told.keys()].filter((id) => !watch.states.has(id));
  for (const id of gone) told.delete(id);
  return { campaigns, gone };
}
