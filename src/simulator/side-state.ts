import { displayDigits, type PhoneNumber } from './account.ts';
import { accountEvent, numberEvent, templateQualityEvent, templateStatusEvent } from './events.ts';
import { isObject, type JsonObject, textOf } from './json.ts';
import { decideHeld } from './pacing.ts';
import type { Template } from './templates.ts';
import { findNumber, type World } from './world.ts';

const TEMPLATE_KEYS = new Set(['status', 'quality', 'category', 'held', 'reason', 'components', 'webhook']);
const TITLES: Readonly<Record<string, string>> = { PAUSED: 'FIRST_PAUSE', DISABLED: 'DISABLED', APPROVED: 'UNPAUSE' };

/**
 * `POST /_sim/templates/{id or name}`: Meta changes its mind about a template; the webhook goes out. A name means all its
 * languages. `{"webhook": false}` changes it silently, as when the event was lost.
 */
export function changeTemplate(world: World, key: string, body: unknown): JsonObject | string {
  if (!isObject(body)) return 'the body must be a JSON object';
  const unknown = Object.keys(body).find((name) => !TEMPLATE_KEYS.has(name));
  if (unknown !== undefined) return `${unknown} is not known; known: ${[...TEMPLATE_KEYS].join(', ')}`;
  const byId = world.templates.byId(key);
  const chosen = byId === undefined ? world.templates.byName(key) : [byId];
  if (chosen.length === 0) return `no template ${key}`;
  let decided = 0;
  for (const template of chosen) decided += changeOne(world, template, body);
  world.save();
  return { success: true, changed: chosen.length, ...(body['held'] === undefined ? {} : { decided }) };
}

function changeOne(world: World, template: Template, body: JsonObject): number {
  const told = body['webhook'] !== false;
  let next: Template = template;
  const status = textOf(body, 'status')?.toUpperCase();
  if (status !== undefined) {
    next = {
      ...next,
      status: status === 'REINSTATED' ? 'APPROVED' : status,
      rejected_reason: status === 'REJECTED' ? (textOf(body, 'reason') ?? 'INVALID_FORMAT') : 'NONE',
    };
    if (status === 'APPROVED') world.pacing.delete(template.id);
    const title = TITLES[status];
    if (told)
      templateStatusEvent(
        world,
        next,
        status,
        title === undefined ? undefined : { title, description: textOf(body, 'reason') ?? `The template is now ${status}.` },
      );
  }
  const quality = textOf(body, 'quality')?.toUpperCase();
  if (quality !== undefined) {
    if (told) templateQualityEvent(world, template, template.quality_score.score, quality);
    next = { ...next, quality_score: { score: quality, date: Math.floor(Date.now() / 1000) } };
  }
  const category = textOf(body, 'category')?.toUpperCase();
  if (category !== undefined && category !== template.category) {
    if (told)
      accountEvent(world, 'template_category_update', {
        ...identity(template),
        previous_category: template.category,
        new_category: category,
      });
    next = { ...next, previous_category: template.category, category };
  }
  if (Array.isArray(body['components'])) {
    next = { ...next, components: body['components'] as Template['components'] };
    const text = next.components.find((part) => part.type === 'BODY')?.text ?? '';
    if (told)
      accountEvent(world, 'message_template_components_update', { ...identity(template), message_template_element: text });
  }
  world.templates.put(next);
  const held = body['held'];
  return held === 'release' || held === 'drop' ? decideAllHeld(world, next, held) : 0;
}

function identity(template: Template): JsonObject {
  return {
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
  };
}

function decideAllHeld(world: World, template: Template, decision: 'release' | 'drop'): number {
  let rows = 0;
  for (const [index, label] of world.ledger.labels.entries())
    if (label.name === template.name && label.language === template.language && world.ledger.heldCount(index) > 0)
      rows += decideHeld(world, template.id, index, decision);
  return rows;
}

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
  'event',
  'webhook',
]);

/** `POST /_sim/account`: what Meta does to a number or an account, with the webhook that tells it. */
export function changeAccount(world: World, body: unknown): JsonObject | string {
  if (!isObject(body)) return 'the body must be a JSON object';
  const unknown = Object.keys(body).find((name) => !ACCOUNT_KEYS.has(name));
  if (unknown !== undefined) return `${unknown} is not known; known: ${[...ACCOUNT_KEYS].join(', ')}`;
  const id = textOf(body, 'phone_number_id');
  const number = id === undefined ? world.account.numbers[0] : findNumber(world, id);
  if (number === undefined) return 'phone_number_id is not one of this account';
  changeNumber(world, number, body, body['webhook'] !== false);
  changeWaba(world, body, body['webhook'] !== false);
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
    max_daily_conversations_per_business: people ?? -1,
    max_phone_numbers_per_business: 20,
  });
}

function changeWaba(world: World, body: JsonObject, told: boolean): void {
  const { account } = world;
  const { waba } = account;
  const tell = (value: JsonObject): void => {
    if (told) accountEvent(world, 'account_update', value);
  };
  const restriction = body['restriction'];
  if (isObject(restriction) || typeof restriction === 'string') {
    const type =
      typeof restriction === 'string' ? restriction : (textOf(restriction, 'type') ?? 'RESTRICTED_BIZ_INITIATED_MESSAGING');
    const seconds = isObject(restriction) && typeof restriction['seconds'] === 'number' ? restriction['seconds'] : 24 * 3600;
    const until = Date.now() + seconds * 1000;
    waba.send_block = { code: 368, until };
    tell({
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: [{ restriction_type: type, expiration: String(Math.floor(until / 1000)) }],
    });
  }
  if (body['lock'] === true) waba.send_block = { code: 131031, until: null };
  if (body['payment_problem'] === true) {
    waba.send_block = { code: 131042, until: null };
    if (told)
      accountEvent(world, 'account_alerts', {
        entity_type: 'WABA',
        entity_id: waba.id,
        alert_info: {
          alert_severity: 'CRITICAL',
          alert_status: 'ACTIVE',
          alert_type: 'PAYMENT_ISSUE',
          alert_description: 'There is a problem with the payment method.',
        },
      });
  }
  const ban = textOf(body, 'ban')?.toUpperCase();
  if (ban !== undefined) {
    waba.send_block = ban === 'DISABLE' ? { code: 131031, until: null } : null;
    waba.status = ban === 'DISABLE' ? 'DISABLED' : 'ACTIVE';
    tell({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: ban, waba_ban_date: new Date().toUTCString().slice(5, 16) } });
  }
  if (body['unlock'] === true) {
    waba.send_block = null;
    const number = account.numbers[0];
    if (number !== undefined) tell({ event: 'VERIFIED_ACCOUNT', phone_number: displayDigits(number) });
  }
  if (typeof body['marketing_disabled'] === 'boolean') waba.marketing_disabled = body['marketing_disabled'];
  if (typeof body['marketing_onboarded'] === 'boolean') {
    waba.marketing_messages_onboarding_status = body['marketing_onboarded'] ? 'ONBOARDED' : 'ELIGIBLE';
    waba['marketing_messages_lite_api_status'] = waba.marketing_messages_onboarding_status;
  }
  if (typeof body['subscribed'] === 'boolean') account.subscribed = body['subscribed'];
  const event = body['event'];
  if (isObject(event) && typeof event['field'] === 'string' && isObject(event['value']))
    accountEvent(world, event['field'], event['value']);
}
