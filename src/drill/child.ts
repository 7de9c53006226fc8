/** A process of the product's own that may be killed: started, waited for, killed, started again at the same place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { insist, openDoor } from './door.ts';

export interface ChildOptions {
  readonly name: string;
  /** What Node runs, flags before it included: `[main.js, 'start']`. */
  readonly command: readonly string[];
  /** The whole environment: nothing of the caller's shell reaches the child. */
  readonly env: Readonly<Record<string, string>>;
  /** It runs here, and what it says is kept here. */
  readonly folder: string;
  /** Is up when it answers 200 here; left out = when it has said `ready`. */
  readonly healthUrl?: string | undefined;
  /** On its standard output. */
  readonly ready?: string | undefined;
  /** A line to the child, for whoever preloads something that listens. */
  readonly ipc?: boolean;
}

export interface Child {
  readonly name: string;
  readonly pid: number | undefined;
  readonly running: boolean;
  /** Ends nobody asked for: `code` or signal of each. A crash of its own accord is a fault by itself. */
  readonly surprises: readonly string[];
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

const TAIL = 4_000;

export function createChild(options: ChildOptions): Child {
  mkdirSync(options.folder, { recursive: true });
  const surprises: string[] = [];
  let current: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let expected = true;
  let said = '';
  let isReady = false;
  let logFile: WriteStream | undefined;
  // Whatever becomes of the one who kills, nothing stays behind.
  process.once('exit', () => current?.kill('SIGKILL'));

  const listen = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    said = (said + text).slice(-TAIL);
    if (options.ready !== undefined && said.includes(options.ready)) isReady = true;
    logFile?.write(text);
  };

  const start = (): void => {
    if (current !== undefined) throw new Error(`${options.name} runs already`);
    said = '';
    isReady = false;
    expected = false;
    logFile ??= createWriteStream(join(options.folder, `${options.name}.log`), { flags: 'a' });
    const child = spawn(process.execPath, options.command, {
      cwd: options.folder,
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc === true ? (['ipc'] as const) : [])],
    });
    current = child;
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.on('error', (error) => listen(Buffer.from(error.message)));
    gone = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        if (!expected) surprises.push(`${options.name} ended by itself (${signal ?? String(code)}): ${said.slice(-1_500)}`);
        if (current === child) current = undefined;
        resolve();
      });
    });
  };

  const isUp = async (): Promise<true | undefined> => {
    if (current === undefined) throw new Error(`${options.name} is not running: ${said.slice(-500)}`);
    if (options.healthUrl === undefined) return isReady ? true : undefined;
    const { status } = await openDoor({ url: options.healthUrl, answerMs: 2_000 }).call('GET', new URL(options.healthUrl).pathname);
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
    async up(withinMs = 120_000) {
      await insist(`${options.name} to be up`, isUp, { withinMs, everyMs: 50 });
    },
    async kill() {
      expected = true;
      current?.kill('SIGKILL');
      await gone;
    },
    async stop(withinMs) {
      expected = true;
      let byItself = true;
      current?.kill('SIGTERM');
      const timer = setTimeout(() => {
        byItself = false;
        current?.kill('SIGKILL');
      }, withinMs);
      await gone;
      clearTimeout(timer);
      return byItself;
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
