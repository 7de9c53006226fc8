/** Three ways to show a campaign that runs: bars on a terminal, lines elsewhere, JSON for programs. */

import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { z } from 'zod';
import type { StatsSchema } from '../campaigns/schema.ts';
import type { InWords } from '../lib/words/sentence.ts';
import { MESSAGE_STATUSES } from '../lifecycle/message.ts';
import { count, duration, percent, standstill } from './words.ts';

export type Stats = InWords<z.output<typeof StatsSchema>>;

export interface Display {
  show(stats: Stats): void;
  note(text: string): void;
  end(): void;
}

/** The happy end first; what needs a look last. */
const ORDER = [...MESSAGE_STATUSES].reverse();

/** One bar for the whole, one for each status somebody has. */
export function liveBars(): Display {
  const multi = new MultiBar(
    { stream: process.stderr, format: '{label} {bar} {figures}', hideCursor: true, clearOnComplete: false, linewrap: false },
    Presets.shades_classic,
  );
  const bars = new Map<string, SingleBar>();
  let ended = false;
  const set = (name: string, total: number, value: number, figures: string): void => {
    const payload = { label: name.padEnd(10), figures };
    let bar = bars.get(name);
    if (bar === undefined) {
      bar = multi.create(total, value, payload);
      bars.set(name, bar);
    }
    bar.setTotal(total);
    bar.update(value, payload);
  };
  return {
    show(stats) {
      const total = stats.total_recipients;
      const done = total - stats.by_status.pending - stats.by_status.sending;
      set('progress', total, done, headline(stats));
      for (const status of ORDER) {
        const n = stats.by_status[status];
        if (n > 0 || bars.has(status))
          set(status, total, n, `${count(n)}${total === 0 ? '' : ` (${percent((n / total) * 100)})`}`);
      }
    },
    note(text) {
      multi.log(`${text}\n`);
    },
    end() {
      if (ended) return;
      ended = true;
      multi.stop();
    },
  };
}

const LINE_EVERY_MS = 2_000;

/** A change of state at once, of figures now and then. */
export function plainLines(): Display {
  let lastLine = '';
  let lastStatus = '';
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    show(stats) {
      const now = performance.now();
      const line = `${headline(stats)}  ${statusesOf(stats)}`;
      if (line === lastLine || (stats.status === lastStatus && now - lastAt < LINE_EVERY_MS)) return;
      lastLine = line;
      lastStatus = stats.status;
      lastAt = now;
      process.stderr.write(`${line}\n`);
    },
    note(text) {
      process.stderr.write(`${text}\n`);
    },
    end: () => undefined,
  };
}

/** One object a line, each the whole state. */
export function jsonLines(): Display {
  return {
    show(stats) {
      process.stdout.write(`${JSON.stringify(stats)}\n`);
    },
    note: () => undefined,
    end: () => undefined,
  };
}

function headline(stats: Stats): string {
  const total = stats.total_recipients;
  const done = total - stats.by_status.pending - stats.by_status.sending;
  const parts = [stats.status, `${count(done)} of ${count(total)} (${percent(stats.progress_percentage)})`];
  if (stats.rate_per_minute > 0) parts.push(`${count(stats.rate_per_minute)}/min`);
  if (stats.eta_seconds !== null) parts.push(`${duration(stats.eta_seconds)} left`);
  if (stats.pause_reason !== null) parts.push(stats.pause_reason.message);
  const stands = standstill(stats.pace);
  if (stands !== undefined) parts.push(stands);
  return parts.join(' | ');
}

function statusesOf(stats: Stats): string {
  return ORDER.flatMap((status) => (stats.by_status[status] > 0 ? [`${status} ${count(stats.by_status[status])}`] : [])).join(
    ' ',
  );
}
