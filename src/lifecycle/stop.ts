/** What pauses when Meta refuses more than one message, and in which words: the same whether an answer told it or a webhook. */

import { type Sentence, say } from '../lib/words/sentence.ts';
import type { SpendingCap } from '../pricing/money.ts';
import { adviceFor } from '../whatsapp/errors.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { MetaError } from '../whatsapp/send-outcome.ts';
import type { PauseReason } from './campaign.ts';

/** What has to pause. `campaign`: this one; `template`: every campaign on its template and language; `account`: all on the number. */
export interface Stop {
  readonly scope: 'campaign' | 'template' | 'account';
  readonly error: MetaError;
}

/** Which running campaigns a fault concerns. */
export type StopScope =
  | { readonly scope: 'campaign'; readonly campaignId: number }
  | { readonly scope: 'template'; readonly mode: RunMode; readonly name: string; readonly language: string }
  | { readonly scope: 'number'; readonly mode: RunMode; readonly phoneNumberId: string }
  | { readonly scope: 'everything' };

/** A campaign as far as a stop concerns it. */
export interface StopTarget {
  readonly campaignId: number;
  readonly mode: RunMode;
  readonly phoneNumberId: string;
  readonly templateName: string;
  readonly templateLanguage: string;
}

export function stopScope(stop: Stop, target: StopTarget): StopScope {
  switch (stop.scope) {
    case 'campaign':
      return { scope: 'campaign', campaignId: target.campaignId };
    case 'template':
      return { scope: 'template', mode: target.mode, name: target.templateName, language: target.templateLanguage };
    case 'account':
      return { scope: 'number', mode: target.mode, phoneNumberId: target.phoneNumberId };
  }
}

export function stopReason(stop: Stop): PauseReason {
  return {
    code: stop.scope === 'campaign' ? 'payload' : stop.scope,
    message: explain(stop.error),
    meta_code: stop.error.code,
  };
}

/** Which limit the next message would have passed, and the way on. */
export function spendingReason(short: SpendingCap): PauseReason {
  switch (short) {
    case 'campaign':
      return {
        code: 'budget',
        message:
          'The next message would pass the budget of this campaign. Raise the budget and resume; messages that fail give their money back.',
      };
    case 'month':
      return {
        code: 'monthly_limit',
        message:
          'The next message would pass the limit of this month, which all campaigns share. Raise it and resume, or resume next month.',
      };
    case 'abroad':
      return {
        code: 'abroad_limit',
        message:
          "The next message would pass today's limit for numbers outside the home countries. Raise it and resume, or resume tomorrow.",
      };
    case 'currency':
      return {
        code: 'limit_currency',
        message:
          'The spending limits are in another currency than this campaign, so they cannot be compared. Set them anew, or take them off, and resume.',
      };
  }
}

export function breakerReason(error: MetaError): PauseReason {
  return {
    code: 'breaker',
    message: say('server.lifecycle.too-many-messages', { error: explain(error) }),
    meta_code: error.code,
  };
}

function explain(error: MetaError): Sentence {
  const text = error.details === undefined ? error.message : `${error.message}: ${error.details}`;
  return say('server.lifecycle.advice-of-meta', { advice: adviceFor(error.code), code: String(error.code), text });
}
