import { z } from 'zod';
import { iso, Time } from '../lib/http/schemas.ts';
import { fold } from './opt-out-words.ts';
import type { ConsentEvent, StoredSuppression } from './opt-outs.sql.ts';
import type { StoredPhrase } from './own-phrases.sql.ts';

/** What an operator may set; `doubtful` comes about by a reply that a person has to decide. */
export const Scope = z.enum(['all', 'marketing']);
export const AnyScope = z.enum(['all', 'marketing', 'doubtful']);

export const PhoneText = z.string().trim().min(1).max(40);
export const Reason = z.string().trim().max(500);

const SOURCES =
  'keyword, button: their words; preferences: a switch in WhatsApp; error_131050 and other codes: told by Meta; decided: a doubtful reply that somebody decided; operator, import: by us';

export const OptOutSchema = z
  .object({
    phone: z.string(),
    scope: AnyScope.describe(
      'all: is never written to; marketing: not with marketing templates; doubtful: not with marketing templates until somebody has decided',
    ),
    source: z.string().describe(SOURCES),
    actor: z.string().nullable().describe('Who of us wrote it down; null when it was the person or Meta'),
    said: z.string().nullable().describe('The words'),
    campaign_id: z.int().nullable().describe('The campaign it answers'),
    campaign_name: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()).describe('The proof'),
    since: Time,
  })
  .meta({ id: 'OptOut' });

export function presentOptOut(entry: StoredSuppression): z.output<typeof OptOutSchema> {
  return {
    phone: `+${String(entry.phone)}`,
    scope: entry.scope,
    source: entry.source,
    actor: entry.actor,
    said: textOf(entry.detail, 'said'),
    campaign_id: campaignOf(entry.detail),
    campaign_name: entry.campaign_name,
    detail: { ...entry.detail },
    since: iso(entry.since),
  };
}

export const ConsentEventSchema = z
  .object({
    kind: z.enum(['opt_out', 'doubt', 'lift', 'resume']).describe('resume: the person wants messages again, told by WhatsApp'),
    scope: AnyScope,
    source: z.string().describe(SOURCES),
    actor: z.string().nullable(),
    said: z.string().nullable(),
    reason: z.string().nullable(),
    phone: z.string().describe('As it was then'),
    campaign_id: z.int().nullable(),
    detail: z.record(z.string(), z.unknown()),
    at: Time.describe('When it was said'),
    recorded_at: Time.describe('When it was written down here'),
  })
  .meta({ id: 'ConsentEvent' });

export function presentConsentEvent(event: ConsentEvent): z.output<typeof ConsentEventSchema> {
  return {
    kind: event.kind,
    scope: event.scope,
    source: event.source,
    actor: event.actor,
    said: textOf(event.detail, 'said'),
    reason: textOf(event.detail, 'reason') ?? textOf(event.detail, 'note'),
    phone: `+${String(event.phone)}`,
    campaign_id: campaignOf(event.detail),
    detail: { ...event.detail },
    at: iso(event.at),
    recorded_at: iso(event.recorded_at),
  };
}

export const PhraseInput = z.strictObject({
  phrase: z
    .string()
    .trim()
    .max(200)
    .refine((text) => fold(text) !== '', 'server.consent.no-word')
    .describe('Case, accents and punctuation do not matter'),
  part: z.enum(['whole', 'anywhere']).default('whole').describe('whole: it is all that is said; anywhere: it stands in the text'),
  meaning: z
    .enum(['opt_out', 'doubtful', 'not_opt_out'])
    .default('opt_out')
    .describe('not_opt_out takes a word of the program out, as "cancelar" where people cancel appointments'),
  scope: Scope.default('all'),
});

export const PhraseSchema = z
  .object({
    id: z.int(),
    phrase: z.string(),
    part: z.enum(['whole', 'anywhere']),
    meaning: z.enum(['opt_out', 'doubtful', 'not_opt_out']),
    scope: Scope,
    created_by: z.string().nullable(),
    created_at: Time,
  })
  .meta({ id: 'OptOutPhrase' });

export function presentPhrase(phrase: StoredPhrase): z.output<typeof PhraseSchema> {
  const { id, phrase: words, part, meaning, scope, created_by, created_at } = phrase;
  return { id, phrase: words, part, meaning, scope, created_by, created_at: iso(created_at) };
}

export function textOf(detail: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = detail[key];
  return typeof value === 'string' ? value : null;
}

function campaignOf(detail: Readonly<Record<string, unknown>>): number | null {
  const id = detail['campaign_id'];
  return typeof id === 'number' ? id : null;
}
