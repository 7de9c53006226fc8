/** What Meta does to a number or an account (`POST /_sim/account`), with the webhook that tells it. */
import { displayDigits, type PhoneNumber, type Waba } from './account.ts';
import { accountEvent, numberEvent } from './events.ts';
import { isObject, type JsonObject, textOf } from './json.ts';
import { findNumber, type World } from './world.ts';

type Tell = (field: string, value: JsonObject) => void;

const ACCOUNT_KEYS = new Set([
  'phone_number_id',
  'quality',
  'status',
  'name_status',
  'limit',
  'throughput',
  'maintenance_ms',
  'allow_list',
  'restriction',
  'lock',
  'unlock',
  'payment_problem',
  'ban',
  'marketing_disabled',
  'marketing_onboarded',
  'subscribed',
  'utility_abuse',
  'violation',
  'review',
  'alert',
  'security',
  'offboarded',
  'partner',
  'payment_method',
  'health',
  'handover',
  'name',
  'seconds',
  'event',
  'webhook',
]);

/** Refuses what it does not know, and changes nothing then. */
export function changeAccount(world: World, body: unknown): JsonObject | string {
  if (!isObject(body)) return 'the body must be a JSON object';
  const unknown = Object.keys(body).find((name) => !ACCOUNT_KEYS.has(name));
  if (unknown !== undefined) return `${unknown} is not known; known: ${[...ACCOUNT_KEYS].join(', ')}`;
  const id = textOf(body, 'phone_number_id');
  const number = id === undefined ? world.account.numbers[0] : findNumber(world, id);
  if (number === undefined) return 'phone_number_id is not one of this account';
  changeNumber(world, number, body, body['webhook'] !== false);
  const tell: Tell =
    body['webhook'] === false
      ? () => undefined
      : (field, value) => {
          accountEvent(world, field, value);
        };
  changeWaba(world, body, tell);
  restrict(world, body, tell);
  announce(world, number, body, tell);
  world.save();
  return { success: true };
}

function changeNumber(world: World, number: PhoneNumber, body: JsonObject, told: boolean): void {
  const quality = textOf(body, 'quality')?.toUpperCase();
  if (quality !== undefined) {
    const event = quality === 'RED' ? 'FLAGGED' : 'UNFLAGGED';
    number.quality_rating = quality;
    if (told) numberEvent(world, number, event);
  }
  number.status = textOf(body, 'status')?.toUpperCase() ?? number.status;
  number.name_status = textOf(body, 'name_status')?.toUpperCase() ?? number.name_status;
  const limit = textOf(body, 'limit')?.toUpperCase();
  if (limit !== undefined) changeLimit(world, number, limit, told);
  const throughput = textOf(body, 'throughput')?.toUpperCase();
  if (throughput !== undefined) {
    const maintenance = typeof body['maintenance_ms'] === 'number' ? body['maintenance_ms'] : 2000;
    number.throughput = { level: throughput };
    number.maintenance_until = throughput === 'HIGH' ? Date.now() + maintenance : 0;
    if (told && throughput === 'HIGH') numberEvent(world, number, 'THROUGHPUT_UPGRADE');
  } else if (typeof body['maintenance_ms'] === 'number') number.maintenance_until = Date.now() + body['maintenance_ms'];
  const allowed = body['allow_list'];
  if (allowed === null) number.allow_list = null;
  else if (Array.isArray(allowed)) number.allow_list = allowed.map((item) => String(item).replaceAll(/\D/g, ''));
}

const PEOPLE: Readonly<Record<string, number>> = {
  TIER_50: 50,
  TIER_250: 250,
  TIER_1K: 1000,
  TIER_2K: 2000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
};

/** The tier is also the portfolio limit that sends meet. */
function changeLimit(world: World, number: PhoneNumber, limit: string, told: boolean): void {
  const old = number.whatsapp_business_manager_messaging_limit;
  for (const other of world.account.numbers) other.whatsapp_business_manager_messaging_limit = limit;
  const people = PEOPLE[limit];
  world.config = { ...world.config, portfolio: { ...world.config.portfolio, limit: people ?? null } };
  if (!told) return;
  numberEvent(world, number, 'ONBOARDING', { old_limit: old });
  accountEvent(world, 'business_capability_update', {
    max_daily_conversations_per_business: limit,
    max_phone_numbers_per_business: 20,
  });
}

function changeWaba(world: World, body: JsonObject, tell: Tell): void {
  const { account } = world;
  const { waba } = account;
  if (body['lock'] === true) waba.send_block = { code: 131031, until: null };
  if (body['payment_problem'] === true) {
    waba.send_block = { code: 131042, until: null };
    tell('account_alerts', alertOf(waba, { type: 'PAYMENT_ISSUE', description: 'There is a problem with the payment method.' }));
  }
  const ban = textOf(body, 'ban')?.toUpperCase();
  if (ban !== undefined) {
    if (ban === 'DISABLE') waba.send_block = { code: 131031, until: null };
    if (ban === 'REINSTATE') waba.send_block = null;
    waba.status = ban === 'DISABLE' ? 'DISABLED' : 'ACTIVE';
    const date = new Date().toUTCString().slice(5, 16);
    tell('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: ban, waba_ban_date: date } });
  }
  if (typeof body['payment_method'] === 'boolean') waba.primary_funding_id = body['payment_method'] ? FUNDING : null;
  const health = body['health'];
  if (health === null) waba.health = null;
  else if (isObject(health)) waba.health = health;
  if (typeof body['marketing_disabled'] === 'boolean') waba.marketing_disabled = body['marketing_disabled'];
  if (typeof body['marketing_onboarded'] === 'boolean') {
    waba.marketing_messages_onboarding_status = body['marketing_onboarded'] ? 'ONBOARDED' : 'ELIGIBLE';
    waba['marketing_messages_lite_api_status'] = waba.marketing_messages_onboarding_status;
  }
  if (typeof body['subscribed'] === 'boolean') account.subscribed = body['subscribed'];
}

const FUNDING = '2190653174510124';

/** Restrictions and their ladder, each with what it does to sends until it ends. */
function restrict(world: World, body: JsonObject, tell: Tell): void {
  const { waba, numbers } = world.account;
  const asked = body['restriction'];
  const restrictions = (Array.isArray(asked) ? (asked as unknown[]) : [asked]).flatMap((one) => restrictionOf(one) ?? []);
  for (const one of restrictions) applyRestriction(waba, one);
  if (restrictions.length > 0)
    tell('account_update', {
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: restrictions.map(({ type, until }) => ({
        restriction_type: type,
        expiration: String(Math.floor(until / 1000)),
      })),
    });
  const step = UTILITY_STEPS[textOf(body, 'utility_abuse') ?? ''];
  if (step !== undefined) {
    const seconds = typeof body['seconds'] === 'number' ? body['seconds'] : 7 * 24 * 3600;
    const until = Date.now() + seconds * 1000;
    if (step.restriction === undefined) waba.utility_block = null;
    else applyRestriction(waba, { type: step.restriction, until });
    tell('account_update', {
      event: step.restriction === undefined ? 'ACCOUNT_VIOLATION' : 'ACCOUNT_RESTRICTION',
      violation_info: { violation_type: step.violation },
      ...(step.restriction === undefined
        ? {}
        : { restriction_info: [{ restriction_type: step.restriction, expiration: Math.floor(until / 1000) }] }),
    });
  }
  if (body['unlock'] !== true) return;
  waba.send_block = null;
  waba.utility_block = null;
  tell('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } });
  tell('account_update', { event: 'ACCOUNT_RESTRICTION' });
  const number = numbers[0];
  if (number !== undefined) tell('account_update', { event: 'VERIFIED_ACCOUNT', phone_number: displayDigits(number) });
}

/** The ladder of utility templates that are none. */
const UTILITY_STEPS: Readonly<Record<string, { readonly violation: string; readonly restriction?: string } | undefined>> = {
  warning: { violation: 'UTILITY_TEMPLATE_ABUSE' },
  cap: { violation: 'UTILITY_TEMPLATE_ABUSE_RATE_LIMIT', restriction: 'RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING' },
  cap_lifted: { violation: 'UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY' },
  marketing: { violation: 'UTILITY_TEMPLATE_ABUSE', restriction: 'RESTRICTED_UTILITY_TEMPLATES' },
  lifted: { violation: 'UTILITY_TEMPLATE_ABUSE_UNBAN' },
};

interface Restriction {
  readonly type: string;
  readonly until: number;
}

function restrictionOf(asked: unknown): Restriction | undefined {
  if (typeof asked !== 'string' && !isObject(asked)) return undefined;
  const given = typeof asked === 'string' ? { type: asked } : asked;
  const seconds = typeof given['seconds'] === 'number' ? given['seconds'] : 24 * 3600;
  return { type: textOf(given, 'type') ?? 'RESTRICTED_BIZ_INITIATED_MESSAGING', until: Date.now() + seconds * 1000 };
}

function applyRestriction(waba: Waba, { type, until }: Restriction): void {
  if (type === 'RESTRICTED_BIZ_INITIATED_MESSAGING') waba.send_block = { code: 368, until };
  else if (type === 'RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING' || type === 'RESTRICTED_UTILITY_TEMPLATES')
    waba.utility_block = { code: 131064, until };
}

/** What only a webhook tells. */
function announce(world: World, number: PhoneNumber, body: JsonObject, tell: Tell): void {
  const { waba } = world.account;
  const violation = textOf(body, 'violation');
  if (violation !== undefined)
    tell('account_update', { event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: violation } });
  const review = textOf(body, 'review')?.toUpperCase();
  if (review !== undefined) {
    waba.account_review_status = review;
    tell('account_review_update', { decision: review });
  }
  if (isObject(body['alert'])) tell('account_alerts', alertOf(waba, body['alert']));
  const security = textOf(body, 'security');
  if (security !== undefined) tell('security', { display_phone_number: displayDigits(number), event: security });
  if (typeof body['offboarded'] === 'boolean')
    tell('account_update', { event: body['offboarded'] ? 'ACCOUNT_OFFBOARDED' : 'ACCOUNT_RECONNECTED' });
  const partner = textOf(body, 'partner');
  if (partner !== undefined)
    tell('account_update', {
      event: partner === 'removed' ? 'PARTNER_REMOVED' : 'PARTNER_ADDED',
      waba_info: { waba_id: waba.id, owner_business_id: '2329417887457253' },
    });
  const name = body['name'];
  if (isObject(name)) {
    const decision = textOf(name, 'decision')?.toUpperCase() ?? 'DECLINED';
    number.name_status = decision;
    tell('phone_number_name_update', {
      display_phone_number: displayDigits(number),
      decision,
      requested_verified_name: textOf(name, 'requested') ?? number.verified_name,
      rejection_reason: decision === 'APPROVED' ? 'NONE' : (textOf(name, 'reason') ?? 'NAME_NOT_CONSISTENT'),
    });
  }
  const handover = textOf(body, 'handover');
  if (handover !== undefined)
    tell('messaging_handovers', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: displayDigits(number), phone_number_id: number.id },
      type: handover === 'taken' ? 'control_taken' : 'control_passed',
    });
  const event = body['event'];
  if (isObject(event) && typeof event['field'] === 'string' && isObject(event['value'])) tell(event['field'], event['value']);
}

function alertOf(waba: Waba, alert: JsonObject): JsonObject {
  return {
    entity_type: 'WABA',
    entity_id: waba.id,
    alert_info: {
      alert_severity: textOf(alert, 'severity')?.toUpperCase() ?? 'CRITICAL',
      alert_status: textOf(alert, 'status')?.toUpperCase() ?? 'ACTIVE',
      alert_type: textOf(alert, 'type') ?? 'ACCOUNT_ISSUE',
      alert_description: textOf(alert, 'description') ?? '',
    },
  };
}
