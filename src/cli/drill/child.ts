/** A process of the product's own that may be killed: started, waited for, killed, started again at the same place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { insist, openApi } from './api.ts';

export interface ChildOptions {
  readonly name: string;
  /** What Node runs, flags before it included: `[main.js, 'start']`. */
  readonly command: readonly string[];
  /** The whole environment: nothing of the caller's shell reaches the child. */
  readonly env: Readonly<Record<string, string>>;
  /** It runs here, and what it says is kept here. */
  readonly folder: string;
  /** And it answers 200 here. */
  readonly healthUrl?: string | undefined;
  /** Said on its standard output when it is up. */
  readonly ready: string;
  /** Ends that nobody asked for are followed by a new start, as a supervisor would. */
  readonly supervised?: boolean;
  /** A line to the child, for whoever preloads something that listens. */
  readonly ipc?: boolean;
}

export interface Child {
  readonly name: string;
  readonly pid: number | undefined;
  readonly running: boolean;
  /** Ends of a process that was up and that nobody asked to end: a fault by itself. (A start that is refused is none.) */
  readonly surprises: string[];
  /** Spawns without waiting. */
  spawn(): void;
  /** Resolves when it is up. */
  up(withinMs?: number): Promise<void>;
  /** SIGKILL, and gone when this resolves. */
  kill(): Promise<void>;
  /** SIGTERM; SIGKILL when it takes longer than this. @returns whether it ended by itself. */
  stop(withinMs: number): Promise<boolean>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the process that runs now has ended, by whoever's hand; the end is expected. */
  ended(): Promise<void>;
  /** Puts something on record among the surprises. */
  note(what: string): void;
  send(message: object): void;
  /** The last words, for a report. */
  tail(): string;
}

/** Whatever becomes of the one who kills, nothing stays behind. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

const TAIL = 4_000;
const AGAIN_MS = 500;

function launch(options: ChildOptions, listen: (chunk: Buffer) => void): ChildProcess {
  const child = spawn(process.execPath, options.command, {
    cwd: options.folder,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc === true ? (['ipc'] as const) : [])],
  });
  alive.add(child);
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  child.on('error', (error) => {
    listen(Buffer.from(error.message));
  });
  return child;
}

/** @returns whether it ended by itself once asked. */
async function endWithin(child: ChildProcess, gone: Promise<void>, withinMs: number): Promise<boolean> {
  let byItself = true;
  child.kill('SIGTERM');
  const timer = setTimeout(() => {
    byItself = false;
    child.kill('SIGKILL');
  }, withinMs);
  await gone;
  clearTimeout(timer);
  return byItself;
}

export function createChild(options: ChildOptions): Child {
  mkdirSync(options.folder, { recursive: true });
  const surprises: string[] = [];
  let current: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let expected = true;
  let said = '';
  let isReady = false;
  let logFile: WriteStream | undefined;
  let again: NodeJS.Timeout | undefined;

  const listen = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    said = (said + text).slice(-TAIL);
    if (said.includes(options.ready)) isReady = true;
    logFile?.write(text);
  };

  const start = (): void => {
    clearTimeout(again);
    if (current !== undefined) throw new Error(`${options.name} runs already`);
    said = '';
    isReady = false;
    expected = false;
    logFile ??= createWriteStream(join(options.folder, `${options.name}.log`), { flags: 'a' });
    const child = launch(options, listen);
    current = child;
    gone = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        if (!expected && isReady)
          surprises.push(`${options.name} ended by itself (${signal ?? String(code)}): ${said.slice(-1_500)}`);
        current = undefined;
        alive.delete(child);
        resolve();
        if (!expected && options.supervised === true) again = setTimeout(start, AGAIN_MS);
      });
    });
  };

  const isUp = async (): Promise<true | undefined> => {
    if (current === undefined || !isReady) throw new Error(`it says: ${said.slice(-500)}`);
    if (options.healthUrl === undefined) return true;
    const { status } = await openApi({ url: options.healthUrl, answerMs: 2_000 }).call(
      'GET',
      new URL(options.healthUrl).pathname,
    );
    return status === 200 ? true : undefined;
  };

  return {
    name: options.name,
    get pid() {
      return current?.pid;
    },
    get running() {
      return current !== undefined;
    },
    surprises,
    spawn: start,
    async up(withinMs = 300_000) {
      await insist(`${options.name} to be up`, isUp, { withinMs, everyMs: 50 });
    },
    async kill() {
      expected = true;
      clearTimeout(again);
      current?.kill('SIGKILL');
      await gone;
    },
    async stop(withinMs) {
      expected = true;
      clearTimeout(again);
      return current === undefined || endWithin(current, gone, withinMs);
    },
    signal(signal) {
      current?.kill(signal);
    },
    async ended() {
      expected = true;
      await gone;
    },
    note(what) {
      surprises.push(`${options.name} ${what}`);
    },
    send(message) {
      if (current?.connected === true) current.send(message);
    },
    tail: () => said,
  };
}
