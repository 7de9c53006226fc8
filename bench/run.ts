/** Runs the rows asked for, prints one table and keeps it as JSON under bench/results/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROWS } from './rows/all.ts';
import { type Context, type Figure, type Row, round } from './support/row.ts';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
/** A part of the whole sizes, for looking at one thing while working on it. */
const part = Number(args.find((arg) => arg.startsWith('--part='))?.slice('--part='.length) ?? 1);
const wanted = args.filter((arg) => !arg.startsWith('--'));
if (args.includes('--help')) {
  console.log(
    `npm run bench [-- row …] [--quick | --part=0.2]\n\n${ROWS.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join('\n')}`,
  );
  process.exit(0);
}
const unknown = wanted.filter((name) => !ROWS.some((row) => row.name === name || row.name.startsWith(`${name}-`)));
if (unknown.length > 0) {
  console.error(`There is no row ${unknown.join(', ')}. Rows: ${ROWS.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const rows =
  wanted.length === 0 ? ROWS : ROWS.filter((row) => wanted.some((name) => row.name === name || row.name.startsWith(`${name}-`)));

interface Result extends Figure {
  readonly row: string;
}

const context: Context = {
  quick,
  say: (text) => {
    console.error(`  ${text}`);
  },
  size: (whole, small) => (quick ? small : Math.ceil(whole * part)),
};
const results: Result[] = [];
const failures: { row: string; error: string }[] = [];
for (const row of rows) await runRow(row);
print(results);
save();
for (const { row, error } of failures) console.error(`${row} could not be measured: ${error}`);
process.exit(failures.length > 0 ? 1 : 0);

async function runRow(row: Row): Promise<void> {
  console.error(`${row.name} (load ${String(round(loadavg()[0] ?? 0))})`);
  const begun = performance.now();
  try {
    for (const figure of await row.run(context)) results.push({ row: row.name, ...figure });
  } catch (error) {
    failures.push({ row: row.name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  console.error(`  took ${String(Math.round((performance.now() - begun) / 1000))} s`);
}

function print(figures: readonly Result[]): void {
  const header = ['what', 'figure', 'baseline', 'ratio', 'target', 'met'];
  const lines = figures.map(({ what, figure, baseline, ratio, target, met }) => [
    what,
    `${String(figure.value)} ${figure.unit}`,
    baseline === undefined ? '–' : `${String(baseline.value)} ${baseline.unit}`,
    ratio === undefined ? '–' : String(ratio),
    target,
    met === undefined ? '' : met ? 'yes' : 'NO',
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of [header, widths.map((width) => '-'.repeat(width)), ...lines]) {
    console.log(`| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  }
  if (quick) console.log('\n--quick: small sizes, to see that it runs. The figures mean nothing.');
}

function save(): void {
  const folder = join(process.cwd(), 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const path = join(folder, `${at.replaceAll(':', '-')}.json`);
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    load: loadavg(),
    node: process.version,
  };
  writeFileSync(path, `${JSON.stringify({ at, quick, part, machine, results, failures }, null, 2)}\n`);
  console.error(path);
}
