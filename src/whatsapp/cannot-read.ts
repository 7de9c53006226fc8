/** Why something could not be read from Meta, for whoever asked for it. */

import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { MetaError } from './send-outcome.ts';

export function cannotRead(error: MetaError | { readonly unreachable: string }): Problem {
  if ('unreachable' in error) {
    return new Problem('meta_unreachable', say('server.whatsapp.meta-could-reached', { unreachable: error.unreachable }));
  }
  return new Problem(
    'meta_unreachable',
    say('server.whatsapp.meta-refused-check', {
      text: error.details === undefined ? error.message : `${error.message} (${error.details})`,
    }),
    {
      meta_code: error.code,
    },
  );
}
