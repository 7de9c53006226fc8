import { z } from 'zod';
import { Time, Words } from '../lib/http/schemas.ts';
import { VARIABLE_KINDS } from './variables.ts';

export const Mapping = z
  .record(
    z.string().min(1).max(200),
    z.union([z.strictObject({ column: z.string().min(1).max(500) }), z.strictObject({ value: z.string().max(2000) })]),
  )
  .describe(
    'Variable of the template -> column of the file or fixed text; what is left open is guessed from the names of the columns',
  );

export const VariableSchema = z.object({
  key: z.string().describe('What a mapping names'),
  kind: z.enum(VARIABLE_KINDS),
  required: z.boolean(),
  label: Words,
  example: z.string().optional(),
  max_length: z.int().optional(),
});

export const STATUSES = [
  'APPROVED',
  'PENDING',
  'REJECTED',
  'PAUSED',
  'DISABLED',
  'IN_APPEAL',
  'PENDING_DELETION',
  'DELETED',
  'LIMIT_EXCEEDED',
  'ARCHIVED',
  'UNKNOWN',
] as const;
export const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION', 'UNKNOWN'] as const;
export const QUALITIES = ['GREEN', 'YELLOW', 'RED', 'UNKNOWN'] as const;

/** Meta adds words; a list of templates does not end because of one. */
export function known<T extends string>(words: readonly T[], word: string): T | 'UNKNOWN' {
  return words.find((each) => each === word) ?? 'UNKNOWN';
}

export const TemplateSchema = z
  .object({
    name: z.string(),
    language: z.string(),
    language_name: z.string().nullable(),
    meta_id: z.string(),
    status: z.enum(STATUSES).describe('UNKNOWN: one that Meta has added since; `reason` names it'),
    category: z.enum(CATEGORIES),
    quality: z.enum(QUALITIES),
    usable: z.boolean().describe('May be sent now'),
    reason: Words.nullable().describe('Why not, and what to do'),
    variables: z.array(VariableSchema),
    components: z.array(z.unknown()).describe('As Meta gives them'),
    synced_at: Time,
  })
  .meta({ id: 'Template' });

const PreviewSchema = z
  .looseObject({
    body: z.string(),
    buttons: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
    missing: z.array(z.string()),
  })
  .describe('The message as the person will see it; *bold*, _italic_ and the like are left as WhatsApp writes them');

export const PreviewAnswer = z.object({
  preview: PreviewSchema,
  mapping: z.record(z.string(), z.unknown()),
  faults: z.array(z.object({ key: z.string(), code: z.string(), message: Words })),
});
