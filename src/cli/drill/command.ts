/** `drill`: shows on this machine that kills cost nobody a message and bring nobody a second one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readSystemEnv } from '../../config/config.ts';
import { MESSAGE_STATUSES } from '../../lifecycle/message.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import { interruptible } from '../signals.ts';
import { count, facts, many, print, printJson } from '../words.ts';
import { type DrillReport, runDrill } from './run.ts';

export interface DrillOptions {
  readonly people: number;
  readonly kills: number;
  readonly rate: number;
  readonly seed?: number;
  readonly keep?: boolean;
  readonly json?: boolean;
}

export async function drill(options: DrillOptions): Promise<ExitCode> {
  if (options.people < 1 || options.people > 1_000_000) throw new CliError('--people is between 1 and 1,000,000.', EXIT.usage);
  if (options.kills > 1_000) throw new CliError('--kills is at most 1,000.', EXIT.usage);
  if (options.rate < 1) throw new CliError('--rate is at least 1.', EXIT.usage);
  const folder = mkdtempSync(join(tmpdir(), 'whatsapp-sender-drill-'));
  const stop = interruptible();
  try {
    const report = await runDrill({
      people: options.people,
      kills: options.kills,
      rate: options.rate,
      seed: options.seed ?? Math.floor(Math.random() * 1_000_000),
      program: thisProgram(),
      systemEnv: readSystemEnv(),
      folder,
      say: (line) => {
        if (options.json !== true) print(line);
      },
      signal: stop.signal,
    });
    if (options.json === true) printJson(report);
    else print(told(report));
    return report.ok ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (stop.signal.aborted) throw new CliError('Interrupted.', EXIT.interrupted);
    throw new CliError(`The drill could not be carried out: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    stop.release();
    if (options.keep === true) print(`Everything is kept in ${folder}.`);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Node's flags and our own file, so that a child in another folder is the same program. */
function thisProgram(): string[] {
  const flags = process.execArgv.map((flag) => (/^\.{1,2}\//.test(flag) ? pathToFileURL(resolve(flag)).href : flag));
  const file = process.argv[1] ?? '';
  return [...flags, isAbsolute(file) ? file : resolve(file)];
}

function told(report: DrillReport): string {
  const { by_status: byStatus, unknown } = report;
  const pairs: [string, string][] = [
    ['People on the list', count(report.people)],
    ['Accepted by the simulator', count(report.accepted)],
    ['Written to twice', count(report.repeated)],
    ['Forgotten', count(report.lost)],
    ['Statuses that did not add up', `${count(report.looks.wrong)} times in ${count(report.looks.taken)} looks`],
    ['Unknown after a kill', `${count(unknown.peak)} at most; ${count(unknown.settled)} settled by their webhooks`],
    [
      'Still unknown',
      `${count(unknown.never_accepted)} that the simulator never had: claimed by a process that died before it sent them`,
    ],
    ...MESSAGE_STATUSES.filter((box) => byStatus[box] > 0).map((box): [string, string] => [`  ${box}`, count(byStatus[box])]),
  ];
  const verdict = report.ok ? 'The account adds up.' : 'THE ACCOUNT DOES NOT ADD UP:';
  const faults = report.faults.slice(0, 20).map((fault) => `  - ${fault.kind}: ${fault.what}`);
  const head = `${many(report.kills, 'kill')} in ${report.seconds.toFixed(1)} s (seed ${String(report.seed)}).`;
  return ['', head, '', facts(pairs), '', verdict, ...faults].join('\n');
}
