/** One pacer a sending number, beginning where the last life left off; what is learnt is written down at each fall. */

import type { Db } from '../lib/db/db.ts';
import { within } from '../lib/wait.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { findNumber, savePace } from './numbers.sql.ts';
import { type Pace, ratePerSecond } from './pace.ts';
import type { Pacer, PacerOptions } from './pacer.ts';

const LOOK_MS = 250;

export interface Paces {
  pacerFor(phoneNumberId: string): Promise<Pacer>;
  /** As all processes have it; undefined when it cannot be had in a moment: whoever only wants to show it must not wait for Redis. */
  look(phoneNumberId: string): Promise<Pace | undefined>;
  /** The number's throughput level may have changed: reads it again. */
  refresh(phoneNumberId: string): Promise<void>;
}

export interface PacesDeps {
  readonly db: Db;
  readonly mode: RunMode;
  /** WHATSAPP_MESSAGES_PER_SECOND; undefined = what the throughput level allows, with headroom. */
  readonly ceiling: number | undefined;
  /** Of this process alone, or shared through Redis. */
  readonly create: (phoneNumberId: string, options: PacerOptions) => Pacer;
  readonly onError: (error: unknown, what: string) => void;
}

export function createPaces(deps: PacesDeps): Paces {
  const pacers = new Map<string, Promise<Pacer>>();

  const allowed = async (phoneNumberId: string): Promise<{ ceiling: number; learnt: Pace | null }> => {
    const number = await findNumber(deps.db, deps.mode, phoneNumberId);
    return {
      ceiling: ratePerSecond({ throughputLevel: number?.throughput_level, ceiling: deps.ceiling }),
      learnt: number?.pace ?? null,
    };
  };

  const make = async (phoneNumberId: string): Promise<Pacer> => {
    const { ceiling, learnt } = await allowed(phoneNumberId);
    return deps.create(phoneNumberId, {
      ceiling,
      learnt: learnt ?? undefined,
      onChange: (pace) => {
        savePace(deps.db, deps.mode, phoneNumberId, pace).catch((error: unknown) => {
          deps.onError(error, 'saving the pace');
        });
      },
    });
  };

  return {
    pacerFor(phoneNumberId) {
      let pacer = pacers.get(phoneNumberId);
      if (pacer === undefined) {
        pacer = make(phoneNumberId);
        pacers.set(phoneNumberId, pacer);
        // A failed look at the database must not be remembered.
        pacer.catch(() => pacers.delete(phoneNumberId));
      }
      return pacer;
    },
    async look(phoneNumberId) {
      const state = this.pacerFor(phoneNumberId).then((pacer) => pacer.state());
      return (await within(state, LOOK_MS)) ? state : undefined;
    },
    async refresh(phoneNumberId) {
      const { ceiling } = await allowed(phoneNumberId);
      (await this.pacerFor(phoneNumberId)).setCeiling(ceiling);
    },
  };
}
