/** Events of templates, numbers and accounts (docs/meta.md, Account and template events). Values are passed on as Meta writes them: it adds new ones. */
import { asDate, asId, asNumber, asObject, asText, type ChangeContext, compact, type JsonObject, objectsIn } from './wire.ts';

interface TemplateBase {
  readonly kind: 'template';
  readonly field: string;
  readonly wabaId?: string;
  readonly at: Date;
  readonly templateId?: string;
  readonly name?: string;
  /** With an underscore, as a send wants it; Meta writes en-US here at times. */
  readonly language?: string;
  readonly raw: JsonObject;
}

export type TemplateEvent = TemplateBase &
  (
    | { readonly what: 'status'; readonly event: string; readonly category?: string; readonly reason?: string }
    | { readonly what: 'quality'; readonly newQuality: string; readonly previousQuality?: string }
    /** `newCategory` holds already, unless `correctCategory` announces another one within 24 hours (docs/meta.md, What happens to a template). */
    | {
        readonly what: 'category';
        readonly newCategory?: string;
        readonly previousCategory?: string;
        readonly correctCategory?: string;
      }
    | { readonly what: 'components' }
  );

export interface NumberEvent {
  readonly kind: 'number';
  readonly field: string;
  readonly wabaId?: string;
  readonly at: Date;
  readonly displayPhoneNumber?: string;
  /** THROUGHPUT_UPGRADE, ONBOARDING, FLAGGED … */
  readonly event?: string;
  /** TIER_… */
  readonly currentLimit?: string;
  readonly oldLimit?: string;
  /** Unique people a day; -1 or absent as Meta has it. */
  readonly maxDailyConversations?: number;
  readonly raw: JsonObject;
}

export interface AccountEvent {
  readonly kind: 'account';
  readonly field: string;
  readonly wabaId?: string;
  readonly at: Date;
  readonly event?: string;
  readonly banState?: string;
  readonly restrictions: readonly { readonly type: string; readonly expiresAt?: Date }[];
  /** Nothing may be sent now: disabled, deleted, or restricted from starting conversations. */
  readonly blocksSending: boolean;
  /** When a restriction from sending ends; absent: until a person acts. */
  readonly blockedUntil?: Date;
  readonly raw: JsonObject;
}

const NUMBER_FIELDS: ReadonlySet<string> = new Set([
  'phone_number_quality_update',
  'phone_number_name_update',
  'business_capability_update',
]);

const ACCOUNT_FIELDS: ReadonlySet<string> = new Set([
  'account_update',
  'account_alerts',
  'account_review_update',
  'security',
  'business_username_update',
]);

/** Templates are told by content before field: Meta's own example of a quality change carries another field's name. */
export function readEvent(
  field: string,
  value: JsonObject,
  context: ChangeContext,
): TemplateEvent | NumberEvent | AccountEvent | undefined {
  return readTemplateEvent(field, value, context) ?? readNumberOrAccount(field, value, context);
}

function readNumberOrAccount(field: string, value: JsonObject, context: ChangeContext): NumberEvent | AccountEvent | undefined {
  if (NUMBER_FIELDS.has(field)) return readNumberEvent(field, value, context);
  if (ACCOUNT_FIELDS.has(field)) return readAccountEvent(field, value, context);
  return undefined;
}

function readTemplateEvent(field: string, value: JsonObject, { wabaId, at }: ChangeContext): TemplateEvent | undefined {
  const templateId = asId(value['message_template_id']);
  const name = asText(value['message_template_name']);
  if (templateId === undefined && name === undefined) return undefined;
  const language = asText(value['message_template_language'])?.replace('-', '_');
  const base = compact({ kind: 'template' as const, field, wabaId, at, templateId, name, language, raw: value });
  const newQuality = asText(value['new_quality_score']);
  if (newQuality !== undefined) {
    return compact({ ...base, what: 'quality', newQuality, previousQuality: asText(value['previous_quality_score']) });
  }
  const newCategory = asText(value['new_category']);
  const correctCategory = asText(value['correct_category']);
  if (newCategory !== undefined || correctCategory !== undefined) {
    return compact({
      ...base,
      what: 'category',
      newCategory,
      correctCategory,
      previousCategory: asText(value['previous_category']),
    });
  }
  const event = asText(value['event']);
  if (event !== undefined) {
    const reason = asText(value['reason']);
    return compact({
      ...base,
      what: 'status',
      event: event.toUpperCase(),
      category: asText(value['message_template_category']),
      reason: reason === 'NONE' ? undefined : reason,
    });
  }
  return field === 'message_template_components_update' ? { ...base, what: 'components' } : undefined;
}

function readNumberEvent(field: string, value: JsonObject, { wabaId, at }: ChangeContext): NumberEvent {
  return compact({
    kind: 'number',
    field,
    wabaId,
    at,
    displayPhoneNumber: asId(value['display_phone_number']),
    event: asText(value['event']),
    currentLimit: asText(value['current_limit']),
    oldLimit: asText(value['old_limit']),
    maxDailyConversations:
      asNumber(value['max_daily_conversations_per_business']) ?? asNumber(value['max_daily_conversation_per_phone']),
    raw: value,
  });
}

function readAccountEvent(field: string, value: JsonObject, { wabaId, at }: ChangeContext): AccountEvent {
  const event = asText(value['event']);
  const banState = asText(asObject(value['ban_info'])?.['waba_ban_state']);
  const restrictions = objectsIn(value['restriction_info']).flatMap((item) => {
    const type = asText(item['restriction_type']);
    return type === undefined ? [] : [compact({ type, expiresAt: asDate(item['expiration']) })];
  });
  const fromSending = restrictions.filter(({ type }) => type === 'RESTRICTED_BIZ_INITIATED_MESSAGING');
  return compact({
    kind: 'account',
    field,
    wabaId,
    at,
    event,
    banState,
    restrictions,
    blocksSending: banState === 'DISABLE' || event === 'ACCOUNT_DELETED' || fromSending.length > 0,
    blockedUntil: fromSending[0]?.expiresAt,
    raw: value,
  });
}
