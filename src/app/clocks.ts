/** The rounds of this process on their clocks: life, work, what asks Meta, and upkeep. None waits for another. */
import { createTicker } from '../lib/jobs/periodic.ts';
import { backupsOf } from './backup.ts';
import { lifeRounds, networkRounds, workRounds } from './jobs.ts';
import { upkeepRounds } from './maintenance-jobs.ts';
import type { EngineParts, OnError } from './parts.ts';
import type { Verbs } from './services.ts';

export interface Clocks {
  start(): Promise<void>;
  stopWork(): Promise<void>;
  /** Last, so that the process is known to live until its work is done. */
  stopLife(): Promise<void>;
}

export function buildClocks({ config, role, log, ground, meta, onLost }: EngineParts, verbs: Verbs, onError: OnError): Clocks {
  const { db } = ground;
  const { campaigns, delivery, wakeApply, sync, paces } = verbs;
  const onRoundError = (error: unknown, round: string): void => {
    onError(error, `the round "${round}"`);
  };
  const stopping = new AbortController();
  const life = createTicker(
    lifeRounds({
      ground,
      role,
      slot: campaigns.slot,
      onNumber: verbs.onNumber,
      onWorkers: verbs.onWorkers,
      onLost,
      onGone: (number) => {
        log.warn({ process: number }, 'a process has given no sign of life for a while: what it was sending is unknown now');
      },
    }),
    onRoundError,
  );
  const work = createTicker(workRounds({ db, config, slot: campaigns.slot, campaigns, delivery, wakeApply }), onRoundError);
  const network = createTicker(networkRounds(sync, paces), onRoundError);
  const backups = backupsOf(config, ground);
  const upkeep = createTicker(upkeepRounds({ db, config, log, campaigns, backups, signal: stopping.signal }), onRoundError);
  /** First rounds nobody waits for at the start; a stop does. */
  let begun: Promise<unknown> = Promise.resolve();

  return {
    async start() {
      await life.start();
      if (role === 'api') return;
      const synced = network.start();
      // The bundled simulator answers at once, and whoever starts it looks for its templates at once.
      if (meta.sandboxUrl !== undefined) await synced;
      await work.start();
      begun = Promise.all([synced, upkeep.start()]);
    },
    async stopWork() {
      stopping.abort();
      await Promise.all([work.stop(), upkeep.stop(), network.stop()]);
      await begun;
    },
    stopLife: () => life.stop(),
  };
}
