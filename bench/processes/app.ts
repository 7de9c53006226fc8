/** The program in a process of its own, told its settings by the measurement. */
import { subscribe } from 'node:diagnostics_channel';
import { type App, startApp } from '../../src/app/bootstrap.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLogger, silentLogger } from '../../src/lib/log.ts';
import { answerQuestions } from '../support/helper.ts';

export interface AppStart {
  readonly env: Readonly<Record<string, string>>;
  readonly role?: 'all' | 'api' | 'worker';
}

let app: App | undefined;
let stamps: number[] = [];
let watching = false;

const calls = {
  async start({ env, role = 'all' }: AppStart): Promise<string> {
    const loaded = loadConfig(env);
    if (!loaded.ok) throw new Error(loaded.faults.join(' '));
    const log =
      env['LOG_LEVEL'] === 'silent'
        ? silentLogger()
        : createLogger({ level: loaded.config.log.level, format: 'json', secrets: [] });
    const wanted = { config: loaded.config, log, role };
    app = await startApp(wanted);
    return app.url;
  },
  /** From now on notes the moment each request is written to its socket. */
  stampDispatches(): Promise<void> {
    if (!watching) {
      subscribe('undici:client:sendHeaders', () => {
        stamps.push(performance.timeOrigin + performance.now());
      });
    }
    watching = true;
    stamps = [];
    return Promise.resolve();
  },
  dispatchStamps: (): Promise<number[]> => Promise.resolve(stamps),
  async close(): Promise<void> {
    await app?.stop();
  },
};

export type AppCalls = typeof calls;

answerQuestions(calls);
