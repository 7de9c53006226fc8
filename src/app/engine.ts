/** The working part: sends, applies webhooks, and makes the rounds that find again what was forgotten. */

import type { Db } from '../lib/db/db.ts';
import { leave } from '../lib/jobs/processes.sql.ts';
import type { Queue } from '../lib/jobs/queue.ts';
import { within } from '../lib/wait.ts';
import { runningCampaigns } from '../lifecycle/campaign.sql.ts';
import { expireLeases } from '../lifecycle/claim.sql.ts';
import { tidyDrafts } from '../recipients/read-draft.ts';
import { discardAbandonedUploads } from '../recipients/uploads.sql.ts';
import { buildClocks } from './clocks.ts';
import { createHandler } from './handlers.ts';
import type { EngineParts, OnError } from './parts.ts';
import { openQueue } from './queue.ts';
import { buildVerbs, type Verbs } from './services.ts';

export interface Engine extends Verbs {
  readonly queue: Queue;
  /** Undefined where there is none. */
  readonly isRedisThere: (() => boolean) | undefined;
  start(): Promise<void>;
  /** Gives back what has not left, finishes what has, within `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export function buildEngine(parts: EngineParts): Engine {
  const { config, role, log, ground, meta, metrics } = parts;
  const { db } = ground;
  const onError = (error: unknown, what: string): void => {
    log.error({ err: error }, `${what} failed; it is tried again`);
  };
  const alarm = openQueue(
    { config, role, installationId: ground.installation.id },
    {
      log,
      onError,
      onReturn: () => {
        if (role !== 'api') sweep(verbs, onError);
      },
      onHalt: (ids) => {
        verbs.sender.halt(ids);
      },
    },
  );
  const verbs = buildVerbs(parts, alarm, onError);
  const { sender, recorder, outages, paces } = verbs;
  const clocks = buildClocks(parts, verbs, onError);
  metrics.watch({
    inFlight: () => sender.inFlight(),
    unrecorded: () => recorder.pending(),
    queue: () => alarm.queue.stats(),
    pacer: () => paces.pacerFor(meta.phoneNumberId),
  });
  return {
    ...verbs,
    queue: alarm.queue,
    isRedisThere: alarm.isRedisThere,
    async start() {
      if (ground.isAlone) await endFormerLife(db, verbs.campaigns.slot);
      await clocks.start();
      if (role !== 'api') outages.start();
      // Over Redis the first one to ask for a pace that nobody has waits until no other loan can be left of it: now, not at the first campaign.
      if (role !== 'api') void paces.look(meta.phoneNumberId);
      await alarm.queue.start(createHandler(verbs));
    },
    async stop(graceMs) {
      // A database or a Redis that stays away must not hold up the stop for ever: what was not written down becomes unknown at the
      // next start.
      const ended = sender.stop(graceMs).then(() => outages.stop());
      await within(Promise.all([clocks.stopWork(), alarm.queue.stop(), ended]), graceMs + LAST_WORDS_MS);
      await within(
        clocks.stopLife().then(() => leave(db, ground.processId)),
        LAST_WORDS_MS,
      ).catch(() => undefined);
      await alarm.close();
    },
  };
}

/** What a stop waits beyond its grace for what is to be written. */
const LAST_WORDS_MS = 5_000;

/** Nobody else works here: what is in `sending`, and any open upload, is of a former life. */
async function endFormerLife(db: Db, slot: number): Promise<void> {
  while ((await expireLeases(db, { everyone: true, slot })).expired > 0);
  await discardAbandonedUploads(db, { idleSeconds: 0 });
  await tidyDrafts({ db }, { idleSeconds: 0 });
}

/** At once instead of at the next round: within 5 s of Redis' return sending goes on (PROTOCOL §6). */
function sweep({ campaigns, wakeApply }: Verbs, onError: OnError): void {
  wakeApply();
  runningCampaigns(campaigns.db, campaigns.mode).then(campaigns.wake, (error: unknown) => {
    onError(error, 'finding the running campaigns');
  });
}
