/** What a measurement is: a row of the table, with its baseline taken in the same run. */
export interface Row {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  readonly run: (context: Context) => Promise<Figure[]>;
}

export interface Context {
  /** Small sizes: does it run at all. Its figures mean nothing. */
  readonly quick: boolean;
  readonly say: (text: string) => void;
  /** The size, and the one for `--quick`. */
  readonly size: (whole: number, quick: number) => number;
}

export interface Figure {
  readonly what: string;
  readonly figure: Value;
  readonly baseline?: Value;
  /** Figure over baseline, unless the target is about something else. */
  readonly ratio?: number;
  /** In words, as in docs/performance.md. */
  readonly target: string;
  /** Undefined: stated beside, without a target of its own. */
  readonly met: boolean | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Value {
  readonly value: number;
  readonly unit: string;
}

export function round(value: number, digits = 2): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** Of the sorted values; 0 without any. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function ascending(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

/** A rate against the rate of a baseline: at least `least` of it. */
export function shareOf(
  what: string,
  figure: number,
  baseline: number,
  least: number,
  unit: string,
  details: Record<string, unknown> = {},
): Figure {
  const ratio = round(figure / baseline, 3);
  return {
    what,
    figure: { value: Math.round(figure), unit },
    baseline: { value: Math.round(baseline), unit },
    ratio,
    target: `≥ ${String(least)} of the baseline`,
    met: ratio >= least,
    details,
  };
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks again and again until `look` gives something. */
export async function until<T>(
  what: string,
  withinSeconds: number,
  everyMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + withinSeconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error(`waited ${String(withinSeconds)} s in vain for: ${what}`);
    await wait(everyMs);
  }
}
