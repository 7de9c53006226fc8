/**
 * Writes down what the sends came to, many at a time: outcomes gather for a moment, and while one statement runs (group commit).
 * Order: an outcome is known only when it is committed; until then its message stays `sending` under its lease.
 * Whom Meta names as opted out is written to no more from the same transaction on.
 * A crash loses outcomes that were gathered but not written: their messages become `unknown` and their webhooks settle them.
 */
import { type Suppression, suppress } from '../consent/opt-outs.sql.ts';
import type { Db } from '../lib/db/db.ts';
import { type Applied, applyReports, type Report } from '../lifecycle/report.sql.ts';

export interface Recorder {
  /** Resolves when it is committed. While the database is away it waits and tries again: the outcome is kept. */
  record(report: Report, optOut?: Suppression): Promise<Applied | undefined>;
  /** Outcomes not yet committed. */
  pending(): number;
  /** Resolves when everything gathered so far is committed. */
  idle(): Promise<void>;
}

interface Gathered {
  readonly report: Report;
  /** What the outcome says of its person. */
  readonly optOut: Suppression | undefined;
  readonly resolve: (applied: Applied | undefined) => void;
}

const MAX_BATCH = 1_000;
/** A statement costs far more than a row of it, so outcomes wait this long for company. */
const GATHER_MS = 25;
const RETRY_MS = 500;

export function createRecorder(deps: {
  readonly db: Db;
  readonly slot: number;
  readonly onError: (error: unknown) => void;
}): Recorder {
  const gathered: Gathered[] = [];
  let underWay = 0;
  let flushing: Promise<void> | undefined;

  let full: (() => void) | undefined;

  /** Until enough have come together, at most GATHER_MS. */
  const gather = (): Promise<void> => {
    if (gathered.length >= MAX_BATCH) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, GATHER_MS);
      function done(): void {
        clearTimeout(timer);
        full = undefined;
        resolve();
      }
      full = done;
    });
  };

  const flush = async (): Promise<void> => {
    while (gathered.length > 0) {
      await gather();
      const batch = distinct(gathered.splice(0, MAX_BATCH));
      gathered.unshift(...batch.later);
      underWay = batch.now.length;
      const applied = await write(batch.now);
      underWay = 0;
      const byKey = new Map(applied.map((row) => [keyOf(row.campaign_id, row.id), row]));
      for (const { report, resolve } of batch.now) resolve(byKey.get(keyOf(report.campaignId, report.messageId)));
    }
    flushing = undefined;
  };

  const apply = (entries: readonly Gathered[]): Promise<Applied[]> => {
    const reports = entries.map((entry) => entry.report);
    const optOuts = entries.flatMap((entry) => entry.optOut ?? []);
    // Nearly always: one statement is one transaction.
    if (optOuts.length === 0) return applyReports(deps.db, reports, deps.slot);
    return deps.db.tx(async (sql) => {
      const applied = await applyReports(sql, reports, deps.slot);
      await suppress(sql, optOuts);
      return applied;
    });
  };

  const write = async (entries: readonly Gathered[]): Promise<Applied[]> => {
    for (;;) {
      try {
        return await apply(entries);
      } catch (error) {
        deps.onError(error);
        if (isRefused(error)) return writeHalves(entries);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  /** One outcome the database refuses must not keep all others unwritten: it alone is given up, and its message becomes unknown. */
  const writeHalves = async (entries: readonly Gathered[]): Promise<Applied[]> => {
    if (entries.length < 2) return [];
    const middle = entries.length >> 1;
    return [...(await write(entries.slice(0, middle))), ...(await write(entries.slice(middle)))];
  };

  return {
    record(report, optOut) {
      return new Promise((resolve) => {
        gathered.push({ report, optOut, resolve });
        if (gathered.length >= MAX_BATCH) full?.();
        flushing ??= flush();
      });
    },
    pending: () => gathered.length + underWay,
    async idle() {
      while (flushing !== undefined) await flushing;
    },
  };
}

/** One report a message in one statement; a second one (an older attempt's late answer) goes into the next. */
function distinct(entries: readonly Gathered[]): { now: Gathered[]; later: Gathered[] } {
  const seen = new Set<string>();
  const now: Gathered[] = [];
  const later: Gathered[] = [];
  for (const entry of entries) {
    const key = keyOf(entry.report.campaignId, entry.report.messageId);
    if (seen.has(key)) later.push(entry);
    else now.push(entry);
    seen.add(key);
  }
  return { now, later };
}

function keyOf(campaignId: number, messageId: number): string {
  return `${String(campaignId)}.${String(messageId)}`;
}

/** The statement reached the database and its values were refused (SQLSTATE classes 22 and 23): trying again would not help. */
function isRefused(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^2[23]/.test(code);
}
