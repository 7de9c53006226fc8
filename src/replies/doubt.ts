import type { Doubt } from '../consent/opt-out-matcher.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';

/** Why a reply waits for a person. */
export function whyDoubtful(doubt: Doubt): Sentence {
  return say(`server.replies.doubt-${doubt}`);
}
