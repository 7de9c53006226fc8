/** How figures are written for people, the same in every command. */
const NUMBER = new Intl.NumberFormat('en-US');

export function count(n: number): string {
  return NUMBER.format(n);
}

export function many(n: number, one: string, more = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : more}`;
}

export function percent(n: number): string {
  return `${n.toFixed(1)} %`;
}

export function money(amount: number, currency: string): string {
  return `${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 })} ${currency}`;
}

export function bytes(n: number): string {
  if (n < 1_000) return `${String(n)} B`;
  if (n < 1_000_000) return `${(n / 1_000).toFixed(1)} kB`;
  return n < 1_000_000_000 ? `${(n / 1_000_000).toFixed(1)} MB` : `${(n / 1_000_000_000).toFixed(1)} GB`;
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${String(minutes)} min ${String(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${String(hours)} h ${String(minutes % 60)} min`;
  return `${String(Math.floor(hours / 24))} days ${String(hours % 24)} h`;
}

export function time(iso: string | null): string {
  return iso === null ? '-' : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Why nothing moves although the campaign runs. */
export function standstill(
  pace: {
    readonly stopped_until: string | null;
    readonly reason: { readonly meta_code: number; readonly message: string } | null;
  } | null,
): string | undefined {
  if (pace === null || pace.stopped_until === null) return undefined;
  const why = pace.reason === null ? '' : `: ${pace.reason.message} (Meta ${String(pace.reason.meta_code)})`;
  return `the number stands still until ${pace.stopped_until.slice(11, 19)} UTC${why}`;
}

/** Columns of text under their names; those that hold only figures stand to the right. */
export function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = names.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)));
  const isFigure = names.map((_, i) => rows.length > 0 && rows.every((row) => /^[\d,.]*( %)?$|^-$/.test(row[i] ?? '')));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isFigure[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(names), ...rows.map(line)].join('\n');
}

/** Name and value, one a line. */
export function facts(pairs: readonly (readonly [string, string | null | undefined])[]): string {
  const told = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined && pair[1] !== null);
  const width = Math.max(0, ...told.map(([name]) => name.length));
  return told.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
