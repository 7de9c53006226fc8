/** Helpers are processes of their own, so that what measures does not pay for what is measured. They are asked over IPC. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** The calls a helper answers, by name. */
export type Calls = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

export interface Helper<C extends Calls> {
  readonly pid: number;
  ask<K extends keyof C & string>(call: K, ...argument: Parameters<C[K]>): Promise<Awaited<ReturnType<C[K]>>>;
  /** Asks it to `close`, then ends it. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

interface Question {
  readonly id: number;
  readonly call: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export function startHelper<C extends Calls>(name: string, execArgv: readonly string[] = []): Helper<C> {
  const child = fork(new URL(`../processes/${name}.js`, import.meta.url), {
    serialization: 'advanced',
    execArgv: ['--enable-source-maps', ...execArgv],
  });
  alive.add(child);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  child.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(`${name}: ${answer.error}`));
  });
  child.on('error', () => undefined);
  child.on('exit', (code, signal) => {
    alive.delete(child);
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended (${signal ?? String(code)})`));
    waiting.clear();
  });
  const ask = (call: string, argument: unknown): Promise<unknown> => {
    const id = nextId++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      child.send({ id, call, argument } satisfies Question);
    });
  };
  const end = async (how: () => void): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    how();
    await gone;
  };
  return {
    pid: child.pid ?? 0,
    // The types of the calls are what both sides agree on; over a pipe nothing checks them.
    ask: ask as Helper<C>['ask'],
    async stop() {
      // One that has ended already has nothing to close.
      if (child.connected) await ask('close', undefined).catch(() => undefined);
      // It ends itself when nobody listens any more, and so writes the profile it may have been asked for.
      await end(() => {
        if (child.connected) child.disconnect();
      });
    },
    kill: () => end(() => child.kill('SIGKILL')),
  };
}

/** The helper's side. */
export function answerQuestions(calls: Calls): void {
  const answer = async ({ id, call, argument }: Question): Promise<Answer> => {
    try {
      const handler = calls[call] as ((argument: unknown) => Promise<unknown>) | undefined;
      if (handler === undefined && call !== 'close') throw new Error(`no such call: ${call}`);
      return { id, value: await handler?.(argument) };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (question: Question) => {
    void answer(question).then((given) => process.send?.(given));
  });
  process.on('disconnect', () => process.exit(0));
}
