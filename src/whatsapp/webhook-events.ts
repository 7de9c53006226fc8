/** Events of templates, numbers and accounts (docs/meta.md, Account and template events). Values are passed on as Meta writes them: it adds new ones. */
import { asDate, asId, asObject, asText, type ChangeContext, compact, type JsonObject, objectsIn } from './wire.ts';

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
    /** `newCategory` holds already, unless `correctCategory` announces another one: within 24 hours, or as a forecast for the next month. */
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
  /** People a day, as Meta has it: TIER_2K, 2000, -1. */
  readonly limit?: string | number;
  /** Of a display name: APPROVED, DECLINED, REJECTED, DEFERRED. */
  readonly decision?: string;
  readonly requestedName?: string;
  readonly reason?: string;
  readonly raw: JsonObject;
}

export interface AccountEvent {
  readonly kind: 'account';
  readonly field: string;
  /** The account it is about, which a partner's webhooks name inside. */
  readonly wabaId?: string;
  readonly at: Date;
  readonly event?: string;
  /** Only when one number of the account is meant. */
  readonly displayPhoneNumber?: string;
  readonly banState?: string;
  readonly banDate?: string;
  readonly violation?: string;
  /** Absent where the event says nothing of restrictions, or that they are lifted. */
  readonly restrictions?: readonly Restriction[];
  /** Of a review. */
  readonly decision?: string;
  readonly alert?: Alert;
  readonly raw: JsonObject;
}

export interface Restriction {
  readonly type: string;
  readonly expiresAt?: Date;
}

interface Alert {
  readonly type: string;
  readonly severity?: string;
  readonly status?: string;
  readonly description?: string;
}

/** The conversation with a person went to another responder of the number, or came back from it. */
export interface Handover {
  readonly kind: 'handover';
  readonly at: Date;
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
  'business_username_updates',
]);

/** Templates are told by content before field: Meta's own example of a quality change carries another field's name. */
export function readEvent(
  field: string,
  value: JsonObject,
  context: ChangeContext,
): TemplateEvent | NumberEvent | AccountEvent | Handover | undefined {
  if (field === 'messaging_handovers') return { kind: 'handover', at: context.at, raw: value };
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
    limit:
      asLimit(value['max_daily_conversations_per_business']) ??
      asLimit(value['max_daily_conversation_per_phone']) ??
      asLimit(value['current_limit']),
    decision: asText(value['decision'])?.toUpperCase(),
    requestedName: asText(value['requested_verified_name']),
    reason: asText(value['rejection_reason']),
    raw: value,
  });
}

function asLimit(value: unknown): string | number | undefined {
  return typeof value === 'number' ? value : asText(value);
}

function readAccountEvent(field: string, value: JsonObject, { wabaId, at }: ChangeContext): AccountEvent {
  const ban = asObject(value['ban_info']);
  const restrictions = objectsIn(value['restriction_info']).flatMap((item) => {
    const type = asText(item['restriction_type']);
    return type === undefined ? [] : [compact({ type, expiresAt: asDate(item['expiration']) })];
  });
  return compact({
    kind: 'account',
    field,
    wabaId: asId(asObject(value['waba_info'])?.['waba_id']) ?? wabaId,
    at,
    event: asText(value['event']),
    displayPhoneNumber: asId(value['phone_number']),
    banState: asText(ban?.['waba_ban_state'])?.toUpperCase(),
    banDate: asText(ban?.['waba_ban_date']),
    violation: asText(asObject(value['violation_info'])?.['violation_type'])?.toUpperCase(),
    restrictions: restrictions.length === 0 ? undefined : restrictions,
    decision: asText(value['decision'])?.toUpperCase(),
    alert: readAlert(value),
    raw: value,
  });
}

/** In `alert_info`, or beside it as older payloads have it. */
function readAlert(value: JsonObject): Alert | undefined {
  const info = asObject(value['alert_info']) ?? value;
  const type = asText(info['alert_type']);
  if (type === undefined) return undefined;
  return compact({
    type,
    severity: asText(info['alert_severity'])?.toUpperCase(),
    status: asText(info['alert_status'])?.toUpperCase(),
    description: asText(info['alert_description']),
  });
}
