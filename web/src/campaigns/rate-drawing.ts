/** Where the lines of the chart go. Pure: minutes in, points out. */
export interface ChartMinute {
  readonly minute: string;
  readonly accepted: number;
  readonly delivered: number;
  readonly read: number;
  readonly failed: number;
}

/** The lines in the order they are drawn, with the ending of their class. */
export const LINES = { accepted: 'acc', delivered: 'del', read: 'read', failed: 'fail' } as const;
type Line = keyof typeof LINES;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly levels: readonly { readonly y: number; readonly value: number }[];
  readonly times: readonly { readonly x: number; readonly at: string }[];
  readonly lines: readonly { readonly key: Line; readonly path: string; readonly labelY: number; readonly latest: number }[];
}

const MINUTE_MS = 60_000;
/** More points than the picture has room for say no more. */
const MOST = 180;
const LEFT = 34;
const TOP = 12;
const LABEL_APART = 14;

/** Minutes in which nothing happened are missing in the answer; in the picture they are zeros. Long campaigns are told in longer steps. */
export function minutesOf(data: readonly ChartMinute[]): ChartMinute[] {
  const [first, last] = [data[0], data.at(-1)];
  if (first === undefined || last === undefined) return [];
  const from = Date.parse(first.minute);
  const count = Math.round((Date.parse(last.minute) - from) / MINUTE_MS) + 1;
  const step = Math.ceil(count / MOST);
  const filled = Array.from({ length: Math.ceil(count / step) }, (_, i) => ({
    minute: new Date(from + i * step * MINUTE_MS).toISOString(),
    accepted: 0,
    delivered: 0,
    read: 0,
    failed: 0,
  }));
  for (const { minute, ...counts } of data) {
    const one = filled[Math.floor(Math.round((Date.parse(minute) - from) / MINUTE_MS) / step)];
    if (one === undefined) continue;
    for (const key of Object.keys(LINES) as Line[]) one[key] += counts[key] / step;
  }
  return filled;
}

export function drawingOf(
  minutes: readonly ChartMinute[],
  size: { readonly width: number; readonly height: number; readonly right: number },
): Drawing {
  const { width, height } = size;
  const right = width - size.right;
  const bottom = height - 22;
  const perSecond = (n: number): number => n / 60;
  const keys = Object.keys(LINES) as Line[];
  const top = roundUp(Math.max(0.1, ...minutes.flatMap((one) => keys.map((key) => perSecond(one[key])))));
  // One minute alone is a level line, not a point nobody sees.
  const x = (i: number): number => LEFT + (minutes.length === 1 ? 0 : (i / (minutes.length - 1)) * (right - LEFT));
  const y = (value: number): number => bottom - (value / top) * (bottom - TOP);
  const lines = keys.map((key) => {
    const points = minutes.map((one, i) => `${x(i).toFixed(1)} ${y(perSecond(one[key])).toFixed(1)}`);
    const [only] = points;
    const path = points.length === 1 && only !== undefined ? `M${only}H${String(right)}` : `M${points.join('L')}`;
    const latest = perSecond(minutes.at(-1)?.[key] ?? 0);
    return { key, path, latest: Math.round(latest * 10) / 10, labelY: y(latest) + 4 };
  });
  const every = Math.max(1, Math.ceil(minutes.length / 6));
  return {
    width,
    height,
    left: LEFT,
    right,
    bottom,
    levels: [0, 0.25, 0.5, 0.75, 1].map((part) => ({ y: y(part * top), value: Math.round(part * top * 100) / 100 })),
    times: minutes.flatMap((one, i) => (i % every === 0 ? [{ x: x(i), at: one.minute }] : [])),
    lines: apart(lines),
  };
}

/** 1, 2, 4, 8 or 10 times a power of ten: so that the quarters are round too. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** Names at the ends of lines that lie close together are pushed apart, in their order: from the lowest up, so that none leaves the picture. */
function apart<T extends { readonly labelY: number }>(lines: readonly T[]): T[] {
  const placed = new Map<T, number>();
  let below = Infinity;
  for (const line of lines.toSorted((one, other) => other.labelY - one.labelY)) {
    below = Math.min(line.labelY, below - LABEL_APART);
    placed.set(line, below);
  }
  return lines.map((line) => ({ ...line, labelY: placed.get(line) ?? line.labelY }));
}
