/** Why something could not be read from Meta, for whoever asked for it. */
import { Problem } from '../lib/problem.ts';
import type { MetaError } from './send-outcome.ts';

export function cannotRead(error: MetaError | { readonly unreachable: string }): Problem {
  if ('unreachable' in error) {
    return new Problem(
      'meta_unreachable',
      `Meta could not be reached (${error.unreachable}). Check the network and WHATSAPP_API_BASE_URL, then try again.`,
    );
  }
  return new Problem(
    'meta_unreachable',
    `Meta refused: ${error.message}${error.details === undefined ? '' : ` (${error.details})`}. Check the token and the account id.`,
    {
      meta_code: error.code,
    },
  );
}
