/**
 * Writes down what the sends came to, many at a time: outcomes gather for a moment, and while one statement runs (group commit).
 * Order: an outcome is known only when it is committed; until then its message stays `sending` under its lease.
 * A crash loses outcomes that were gathered but not written: their messages become `unknown` and their webhooks settle them.
 */
import type { Db } from '../lib/db/db.ts';
import { type Applied, applyReports, type Report } from '../lifecycle/report.sql.ts';

export interface Recorder {
  /** Resolves when it is committed. While the database is away it waits and tries again: the outcome is kept. */
  record(report: Report): Promise<Applied | undefined>;
  /** Outcomes not yet committed. */
  pending(): number;
  /** Resolves when everything gathered so far is committed. */
  idle(): Promise<void>;
}

interface Gathered {
  readonly report: Report;
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
      const applied = await write(batch.now.map((entry) => entry.report));
      underWay = 0;
      const byKey = new Map(applied.map((row) => [keyOf(row.campaign_id, row.id), row]));
      for (const { report, resolve } of batch.now) resolve(byKey.get(keyOf(report.campaignId, report.messageId)));
    }
    flushing = undefined;
  };

  const write = async (reports: readonly Report[]): Promise<Applied[]> => {
    for (;;) {
      try {
        return await applyReports(deps.db, reports, deps.slot);
      } catch (error) {
        deps.onError(error);
        if (isRefused(error)) return writeHalves(reports);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  /** One outcome the database refuses must not keep all others unwritten: it alone is given up, and its message becomes unknown. */
  const writeHalves = async (reports: readonly Report[]): Promise<Applied[]> => {
    if (reports.length < 2) return [];
    const middle = reports.length >> 1;
    return [...(await write(reports.slice(0, middle))), ...(await write(reports.slice(middle)))];
  };

  return {
    record(report) {
      return new Promise((resolve) => {
        gathered.push({ report, resolve });
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
