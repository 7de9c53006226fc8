/** What follows when the circuit breaker of a number moves: it goes slower, and the log says why. */

import type { Logger } from '../lib/log.ts';
import type { Breaker } from '../numbers/circuit-breaker.ts';
import type { Paces } from '../numbers/pacers.ts';
import { OUTAGE_CODE } from '../whatsapp/error-table.ts';

export interface NewsDeps {
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly paces: Pick<Paces, 'pacerFor'>;
  readonly onError: (error: unknown, what: string) => void;
}

export function createOutageNews({ log, paces, onError }: NewsDeps): (number: string, before: Breaker, after: Breaker) => void {
  return (phoneNumberId, before, after) => {
    const facts = { phone_number_id: phoneNumberId, reason: after.reason, lost: after.lost, in_air: after.in_air };
    switch (after.state) {
      case 'closed':
        log.info({ phone_number_id: phoneNumberId, lost: before.lost }, 'Meta answers again: the number goes on as usual');
        return;
      case 'half_open':
        log.warn(facts, "Answers of Meta's were lost close together: the number goes slower and is watched");
        break;
      case 'open':
        log.error(facts, 'Meta does not answer: nothing leaves from this number until it does. It is asked again by itself');
    }
    if (before.state !== 'closed') return;
    paces.pacerFor(phoneNumberId).then(
      (pacer) => {
        pacer.slowDown({ seconds: 0, factor: 0.5, code: OUTAGE_CODE });
      },
      (error: unknown) => {
        onError(error, 'slowing the number down');
      },
    );
  };
}
