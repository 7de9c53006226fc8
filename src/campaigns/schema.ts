import { z } from 'zod';
import { Time, TimeIn, Words } from '../lib/http/schemas.ts';
import type { Text } from '../lib/words/sentence.ts';
import { CAMPAIGN_STATUSES, PAUSE_CODES } from '../lifecycle/campaign.ts';
import { MESSAGE_STATUSES } from '../lifecycle/message.ts';
import { Amount, AmountIn } from '../pricing/schema.ts';
import { Mapping } from '../templates/schema.ts';

export const WaitingSchema = z
  .object({
    reason: z.enum(['meta_outage', 'account', 'other_mode']),
    since: Time,
    until: Time.nullable().describe('When it is tried again, or ends by itself'),
    lost: z.int().describe('People of this outage of whom nobody knows whether Meta took their message'),
    message: Words,
  })
  .nullable()
  .describe('Why nothing leaves although it is running; null when it does');

export const ByStatusSchema = z
  .object(
    Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, z.int().min(0)])) as Record<
      (typeof MESSAGE_STATUSES)[number],
      z.ZodInt
    >,
  )
  .meta({ id: 'ByStatus', description: 'Every message is in exactly one box; their sum is total_recipients' });

const PauseReasonSchema = z
  .object({ code: z.enum(PAUSE_CODES), message: Words, meta_code: z.int().optional() })
  .describe('Why it stands still');

export const CampaignSchema = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    status: z.enum(CAMPAIGN_STATUSES),
    mode: z.enum(['sandbox', 'live']),
    phone_number_id: z.string(),
    template_name: z.string().nullable().describe('Null with the language: a draft that has not chosen yet'),
    template_language: z.string().nullable(),
    mapping: z.record(z.string(), z.unknown()),
    batch_size: z.int().nullable(),
    delay_between_batches: z.number().describe('Seconds'),
    messages_per_second: z.number().nullable(),
    budget: Amount.nullable().describe('It pauses before its messages cost more; null = no limit of its own'),
    scheduled_at: Time.nullable(),
    attention: Words.nullable().describe('Why a person has to look at it'),
    waiting_for: Words.nullable().describe(
      'Its time has come, and this keeps it from starting for now: it starts when that is over',
    ),
    pause_reason: PauseReasonSchema.nullable(),
    total_recipients: z.int(),
    messages_sent: z.int().describe('Ever accepted by Meta'),
    messages_delivered: z.int(),
    messages_read: z.int(),
    messages_failed: z.int(),
    progress_percentage: z.number(),
    by_status: ByStatusSchema,
    rate_per_minute: z.int().describe('Accepted in the last minute, while it runs'),
    eta_seconds: z.number().nullable().describe('Until the last one is sent, at this rate; null while it stands still'),
    estimated_cost: z.number().nullable().describe('In `currency`'),
    actual_cost: z.number().describe('In `currency`'),
    currency: z.string(),
    created_by: z.string().nullable(),
    created_at: Time,
    updated_at: Time,
    started_at: Time.nullable(),
    completed_at: Time.nullable(),
    cancelled_at: Time.nullable(),
    settled_at: Time.nullable(),
    archived_at: Time.nullable().describe('Its people are erased since then (RETENTION_DAYS); the figures stay'),
  })
  .meta({ id: 'Campaign' });

const FailureSchema = z.object({
  code: z.int(),
  title: Words,
  count: z.int(),
  advice: Words,
  may_be_retried: z.boolean(),
  retry_after_seconds: z.int(),
});

export const StatsSchema = z
  .object({
    id: z.int(),
    status: z.enum(CAMPAIGN_STATUSES),
    total_recipients: z.int(),
    by_status: ByStatusSchema,
    messages_sent: z.int(),
    messages_delivered: z.int(),
    messages_read: z.int(),
    messages_failed: z.int(),
    open_outcomes: z.int().describe('Messages that may still move; unknown ones that a person has closed are not among them'),
    progress_percentage: z.number(),
    success_rate: z.number().nullable().describe('Delivered of sent, in percent; null while nothing was sent'),
    rate_per_minute: z.number(),
    eta_seconds: z.number().nullable(),
    failures: z.array(FailureSchema),
    duplicate_incidents: z.int(),
    estimated_cost: z.number().nullable(),
    actual_cost: z.number(),
    budget: Amount.nullable().describe('It pauses before its messages cost more'),
    spent: Amount.describe('Reserved or paid: what is in the air counts with its full price, what failed does not'),
    currency: z.string(),
    pause_reason: PauseReasonSchema.nullable(),
    pace: z
      .object({
        messages_per_second: z.number().describe("The lower of the number's pace now and the campaign's own"),
        stopped_until: Time.nullable().describe('Nothing leaves on this number before that'),
        reason: z
          .object({ meta_code: z.int(), message: Words })
          .nullable()
          .describe('What the number was stopped or slowed down for, while it is'),
      })
      .nullable()
      .describe('Of the sending number, whichever process asks; null unless the campaign is running'),
    waiting: WaitingSchema,
    notice: z
      .object({ message: Words })
      .nullable()
      .describe('What a person should know first of how it ended: completed, and of some the outcome is unknown'),
    started_at: Time.nullable(),
    completed_at: Time.nullable(),
    settled_at: Time.nullable(),
  })
  .meta({ id: 'CampaignStats' });

const Name = z.string().trim().min(1).max(200);
const TemplateName = z.string().trim().min(1).max(512);
const TemplateLanguage = z.string().trim().min(2).max(20);

const PACE_FIELDS = {
  description: z.string().max(5000).nullable().optional(),
  mapping: Mapping.optional(),
  scheduled_at: TimeIn.nullable().optional(),
  batch_size: z
    .int()
    .min(1)
    .max(100_000_000)
    .nullable()
    .optional()
    .describe('Messages a batch; null = no batches; left out = CAMPAIGN_BATCH_SIZE'),
  delay_between_batches: z.number().min(0).max(86_400).optional().describe('Seconds; left out = CAMPAIGN_DELAY_BETWEEN_BATCHES'),
  messages_per_second: z
    .number()
    .positive()
    .max(100_000)
    .nullable()
    .optional()
    .describe("A ceiling of this campaign's own below the number's"),
  budget: AmountIn.nullable().optional().describe('It pauses before its messages cost more; may be changed while it runs'),
};

function requireBoth(name: string | undefined, language: string | undefined, context: z.RefinementCtx): void {
  if ((name === undefined) === (language === undefined)) return;
  const [missing, given] = name === undefined ? ['template_name', 'template_language'] : ['template_language', 'template_name'];
  context.addIssue({ code: 'custom', path: [missing], message: `server.campaigns.required-with-${given}` });
}

export const NewCampaign = z
  .strictObject({
    name: Name,
    template_name: TemplateName.optional(),
    template_language: TemplateLanguage.optional(),
    ...PACE_FIELDS,
  })
  .superRefine(({ template_name: name, template_language: language }, context) => {
    requireBoth(name, language, context);
  })
  .meta({
    id: 'NewCampaign',
    description:
      'Without a template it stays a draft until one is chosen. `template_name` and `template_language` come together.',
    dependentRequired: { template_name: ['template_language'], template_language: ['template_name'] },
    example: { name: 'Mi Campaña', template_name: 'bienvenida', template_language: 'es', description: 'Campaña de bienvenida' },
  });

export const CampaignChanges = z
  .strictObject({
    name: Name.optional(),
    template_name: TemplateName.nullable().optional().describe('null takes the template off, with its language'),
    template_language: TemplateLanguage.optional(),
    ...PACE_FIELDS,
  })
  .meta({ id: 'CampaignChanges', description: 'Only the fields that are named change' });

const Warnings = z.array(z.object({ code: z.string(), message: Words }));

export const StartedCampaign = CampaignSchema.extend({
  warnings: Warnings.describe('What keeps messages from leaving although the campaign runs'),
});

export const ScheduledCampaign = CampaignSchema.extend({
  warnings: Warnings.describe('What would make it fail at its time, as things stand now; empty without a schedule'),
});

export function warningsOf(checks: readonly { readonly code: string; readonly message: Text }[]): z.output<typeof Warnings> {
  return checks.map(({ code, message }) => ({ code, message }));
}

export const DecidedCampaign = CampaignSchema.extend({
  decided: z.int(),
  within_grace: z
    .object({
      messages: z.int(),
      first_at: Time.nullable().describe('When the first of them may be decided on'),
      last_at: Time.nullable().describe('When all of them may be'),
    })
    .describe('Those that were left as they are, because their webhook may still come (UNKNOWN_GRACE_MINUTES)'),
});

export const InFlightCampaign = CampaignSchema.extend({
  in_flight: z.int().describe('Messages whose answer was still out when this took hold; nothing new leaves after it'),
});

const VersionSchema = z.object({
  template_name: z.string(),
  template_language: z.string(),
  category: z.string(),
  components: z.unknown().describe('As Meta gives them, without examples'),
  mapping: z.record(z.string(), z.unknown()),
  prices: z.record(z.string(), z.int()).describe('Of one message by market, in millionths of `currency`'),
  currency: z.string(),
});

export const VersionsSchema = z.object({
  version: z.string().nullable().describe('Names what a start would send: text, category, language, mapping, price'),
  changed: z
    .object({
      differences: z.array(z.enum(['template', 'language', 'category', 'text', 'mapping', 'price'])),
      seen: VersionSchema,
      now: VersionSchema,
    })
    .nullable()
    .describe('What was looked at and what would be sent, where they differ; a start is refused until it is confirmed'),
});

export const PreflightSchema = z
  .object({
    ...VersionsSchema.shape,
    ready: z.boolean().describe('Nothing red: a start would be accepted'),
    checks: z.array(z.object({ level: z.enum(['red', 'yellow', 'green']), code: z.string(), message: Words })),
    mapping: z.record(z.string(), z.unknown()).describe('As a start would freeze it, guesses included'),
    recipients: z.int(),
    estimated_cost: z
      .number()
      .nullable()
      .describe('Of those who still wait, at list prices, everybody delivered: the most it can cost'),
    estimated_least: Amount.nullable().describe('The same at the lowest volume tiers of the rate card'),
    next_rate_card: z
      .object({ effective_from: z.string(), estimated_cost: Amount })
      .nullable()
      .describe('What the same would cost from the next known card on'),
    currency: z.string().nullable(),
    cost_by_market: z.array(z.object({ market: z.string(), recipients: z.int(), cost_each: z.number(), cost: z.number() })),
  })
  .meta({ id: 'Preflight' });

export const CostsSchema = z
  .object({
    currency: z.string(),
    budget: Amount.nullable(),
    estimated: Amount.nullable().describe('At the start: everybody at list price; null before it'),
    spent: Amount.describe('Reserved or paid; this is what the budget counts'),
    reserved: Amount.describe('Of `spent` what no webhook has priced yet'),
    actual: Amount.describe('Of delivered messages, by the pricing their webhooks told'),
    is_final: z.boolean().describe('Nobody waits, no outcome is open and every price is known'),
    by_pricing_type: z
      .array(z.object({ type: z.string(), messages: z.int() }))
      .describe(
        "Delivered messages by Meta's pricing type; `unknown` where it told none that is known: its cost is not 0 but unknown",
      ),
    difference: Amount.nullable().describe('`actual` less `estimated`'),
    causes: z
      .array(z.object({ cause: z.enum(['priced', 'free', 'price_unknown', 'failed', 'open', 'not_sent']), messages: z.int() }))
      .describe('Everybody on the list under exactly one: what did not cost its list price, and why'),
  })
  .meta({ id: 'CampaignCosts' });
