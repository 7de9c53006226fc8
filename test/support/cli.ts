import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../scripts/setup.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
ensureBuilt();

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Finished>;
  /** Resolves when the standard output holds it; rejects when the command ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** The command line as it is installed, in a process of its own and an environment that holds nothing but what is given. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = tmpdir()): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [`${root}dist/cli/main.js`, ...args], {
    // Where no .env is.
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let listeners: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of [...listeners]) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const done = new Promise<Finished>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(stdout);
        if (match === null) return;
        listeners = listeners.filter((listener) => listener !== look);
        resolve(match);
      };
      listeners.push(look);
      look();
      void done.then((end) => {
        reject(new Error(`it ended (${String(end.code)}) without saying ${String(pattern)}: ${end.stdout}${end.stderr}`));
      });
    });
  return { child, done, says };
}

export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = tmpdir(),
): Promise<Finished> {
  return startCli(args, env, cwd).done;
}
