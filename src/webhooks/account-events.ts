/** Events of templates, numbers and accounts: what depends on them follows, in the same transaction (docs/meta.md, Account and template events). */

import type { Sql } from '../lib/db/db.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';
import type { PauseReason } from '../lifecycle/campaign.ts';
import { pauseRunning, unpauseRefused } from '../lifecycle/pause.sql.ts';
import { tellNotices } from '../numbers/account-notices.sql.ts';
import { type NoticeChange, RESTRICTED_CODES } from '../numbers/account-notices.ts';
import { tierOf } from '../numbers/messaging-limit.ts';
import { findNumber, upsertNumber } from '../numbers/numbers.sql.ts';
import { decideWebhookFailure, type NumberSlowdown } from '../sending/retry.ts';
import { changeTemplate } from '../templates/templates.sql.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { ValueError, WebhookItem } from '../whatsapp/webhook.ts';
import type { AccountEvent, NumberEvent, TemplateEvent } from '../whatsapp/webhook-events.ts';
import { storeAccountEvent } from './journal.sql.ts';
import { noticesOfAccount, noticesOfNumber, standbyNotice } from './notices-of-events.ts';

/** What a webhook means beyond the database: done after its transaction. */
export type Consequence =
  | { readonly kind: 'recalled'; readonly campaignIds: readonly number[] }
  | { readonly kind: 'slow_number'; readonly phoneNumberId: string; readonly change: NumberSlowdown }
  | { readonly kind: 'number_changed'; readonly phoneNumberId: string }
  | { readonly kind: 'templates_changed' };

export interface AccountDeps {
  readonly mode: RunMode;
  readonly phoneNumberId: string;
  /** Events of other accounts of the same app concern nobody here. */
  readonly wabaId: string;
}

export async function followEvents(deps: AccountDeps, sql: Sql, items: readonly WebhookItem[]): Promise<Consequence[]> {
  const consequences: Consequence[] = [];
  await noteStandby(deps, sql, items);
  for (const item of items) {
    if (item.kind === 'value_error') consequences.push(...followValueError(deps, item));
    if (item.kind !== 'template' && item.kind !== 'number' && item.kind !== 'account') continue;
    const event = item.kind === 'template' ? (item.what === 'status' ? item.event : item.what) : item.event;
    if (!(await storeAccountEvent(sql, { at: item.at, field: item.field, event, payload: item.raw }))) continue;
    if (item.kind === 'template') consequences.push(...(await followTemplate(deps, sql, item)));
    else if (item.kind === 'number') consequences.push(...(await followNumber(deps, sql, item)));
    else consequences.push(...(await followAccount(deps, sql, item)));
  }
  return consequences;
}

/** With these nothing can or should be sent from the template (docs/meta.md, Account and template events). */
const STOPPING = new Set(['PAUSED', 'DISABLED', 'FLAGGED', 'DELETED', 'PENDING_DELETION', 'LOCKED', 'ARCHIVED', 'REJECTED']);
/** Events that are no status of the template itself. */
const STATUS_OF_EVENT: Readonly<Record<string, string | undefined>> = {
  FLAGGED: undefined,
  REINSTATED: 'APPROVED',
  UNARCHIVED: 'APPROVED',
};

async function followTemplate(deps: AccountDeps, sql: Sql, event: TemplateEvent): Promise<Consequence[]> {
  if (event.what === 'components' || event.templateId === undefined) return [{ kind: 'templates_changed' }];
  if (event.what === 'status') {
    const status = event.event in STATUS_OF_EVENT ? STATUS_OF_EVENT[event.event] : event.event;
    const template = await changeTemplate(sql, deps.mode, event.templateId, status === undefined ? {} : { status });
    if (template === undefined) return [{ kind: 'templates_changed' }];
    return STOPPING.has(event.event)
      ? pauseTemplate(
          deps,
          sql,
          template,
          say('server.webhooks.meta-reports-template', {
            event: event.reason === undefined ? event.event.toLowerCase() : `${event.event.toLowerCase()} (${event.reason})`,
          }),
        )
      : [];
  }
  if (event.what === 'quality') {
    const template = await changeTemplate(sql, deps.mode, event.templateId, { quality: event.newQuality });
    if (template === undefined || event.newQuality !== 'RED') return [];
    return pauseTemplate(deps, sql, template, say('server.webhooks.meta-rates-template'));
  }
  if (event.field === 'template_correct_category_detection') {
    // A forecast for the first of next month: kept with the template, where the preflight reads it.
    const forecast = event.correctCategory ?? event.newCategory;
    const known = await changeTemplate(
      sql,
      deps.mode,
      event.templateId,
      forecast === undefined ? {} : { correctCategory: forecast },
    );
    return known === undefined ? [{ kind: 'templates_changed' }] : [];
  }
  const announced = event.correctCategory !== undefined && event.previousCategory === undefined;
  const template = announced
    ? undefined
    : await changeTemplate(
        sql,
        deps.mode,
        event.templateId,
        event.newCategory === undefined ? {} : { category: event.newCategory },
      );
  if (template === undefined) return [{ kind: 'templates_changed' }];
  return pauseTemplate(
    deps,
    sql,
    template,
    say('server.webhooks.meta-moved-template', { newCategory: event.newCategory ?? 'unknown' }),
  );
}

async function pauseTemplate(
  deps: AccountDeps,
  sql: Sql,
  template: { name: string; language: string },
  what: Sentence,
): Promise<Consequence[]> {
  const reason: PauseReason = { code: 'template', message: say('server.webhooks.look-whatsapp-manager', { what }) };
  return [
    { kind: 'recalled', campaignIds: await pauseRunning(sql, { scope: 'template', mode: deps.mode, ...template }, reason) },
  ];
}

async function followNumber(deps: AccountDeps, sql: Sql, event: NumberEvent): Promise<Consequence[]> {
  const { phoneNumberId } = deps;
  if (!(await isOurs(deps, sql, event))) return [];
  const limit = tierOf(event.limit);
  await upsertNumber(sql, deps.mode, phoneNumberId, {
    ...(event.event === 'THROUGHPUT_UPGRADE' ? { throughput_level: 'HIGH' } : {}),
    ...(limit === undefined ? {} : { messaging_limit: limit }),
    ...(event.event === 'FLAGGED' ? { quality: 'RED' } : {}),
  });
  await tellNotices(sql, deps, event.at, noticesOfNumber(event));
  return [{ kind: 'number_changed', phoneNumberId }];
}

/** Another account of the same app, or another number of this account: it is in the journal, and none of our business. */
async function isOurs(
  deps: AccountDeps,
  sql: Sql,
  { wabaId, displayPhoneNumber }: Pick<AccountEvent, 'wabaId' | 'displayPhoneNumber'>,
): Promise<boolean> {
  if (wabaId !== undefined && wabaId !== deps.wabaId) return false;
  const told = digitsOf(displayPhoneNumber);
  if (told === '') return true;
  const known = digitsOf((await findNumber(sql, deps.mode, deps.phoneNumberId))?.display_phone_number);
  return known === '' || known === told;
}

/**
 * What Meta tells becomes what stands: the claim reads it, so what it holds back waits from the commit on, and goes on by itself where an
 * end is named. Where none is, a person has to act: those campaigns pause.
 */
async function followAccount(deps: AccountDeps, sql: Sql, event: AccountEvent): Promise<Consequence[]> {
  if (!(await isOurs(deps, sql, event))) return [];
  const changes = noticesOfAccount(event);
  await tellNotices(sql, deps, event.at, changes);
  // The templates change with it: their category, and what they cost.
  const consequences: Consequence[] = changes.some(({ code }) => code === 'utility_as_marketing')
    ? [{ kind: 'templates_changed' }]
    : [];
  if (changes.some(isWithEnd)) await unpauseRefused(sql, { ...deps, codes: RESTRICTED_CODES });
  if (!changes.some(isWithoutEnd)) return consequences;
  const reason: PauseReason = {
    code: 'account',
    message: say('server.webhooks.account-restricted', { event: event.banState ?? event.event ?? event.field }),
  };
  const scope = { scope: 'number', mode: deps.mode, phoneNumberId: deps.phoneNumberId } as const;
  return [...consequences, { kind: 'recalled', campaignIds: await pauseRunning(sql, scope, reason) }];
}

function isWithEnd(change: NoticeChange): boolean {
  return change.kind === 'stands' && change.holds === 'all' && change.until !== undefined;
}

function isWithoutEnd(change: NoticeChange): boolean {
  return change.kind === 'stands' && change.holds === 'all' && change.until === undefined;
}

/** People's messages came as to a bystander, or a conversation changed hands: another responder is on this number. */
async function noteStandby(deps: AccountDeps, sql: Sql, items: readonly WebhookItem[]): Promise<void> {
  const times = items.flatMap((item) => {
    if (item.kind === 'handover') return [item.at.getTime()];
    return item.kind === 'inbound' && item.standby === true ? [item.timestamp.getTime()] : [];
  });
  if (times.length === 0) return;
  const at = new Date(Math.max(...times));
  await tellNotices(sql, deps, at, [standbyNotice(at)]);
}

function followValueError(deps: AccountDeps, item: ValueError): Consequence[] {
  const { slowNumber } = decideWebhookFailure(item.error);
  return slowNumber === undefined
    ? []
    : [{ kind: 'slow_number', phoneNumberId: item.phoneNumberId ?? deps.phoneNumberId, change: slowNumber }];
}

/** `+1 555-078-3881` and `15550783881` are one number. */
function digitsOf(number: string | null | undefined): string {
  return (number ?? '').replace(/\D/g, '');
}
