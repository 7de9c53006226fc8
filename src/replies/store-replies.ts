/**
 * What people write back: stored once, tied to the message they answer; a word, a sentence or a tap of opting out holds from now on,
 * what may be one waits for a person. Order: who they are, then what they say. A crash undoes the batch with everything in it.
 */
import { type Asked, type Doubt, type OwnPhrase, readOptOut } from '../consent/opt-out-matcher.ts';
import { carryOptOuts, resume, type Suppression, suppress, whoIsOut } from '../consent/opt-outs.sql.ts';
import { listPhrases } from '../consent/own-phrases.sql.ts';
import { findPeopleByIds, storePersonIds } from '../consent/person-ids.sql.ts';
import type { Sql } from '../lib/db/db.ts';
import { digitsInWamid } from '../whatsapp/wamid.ts';
import type { PreferenceChange, WebhookItem } from '../whatsapp/webhook.ts';
import type { InboundMessage } from '../whatsapp/webhook-inbound.ts';
import {
  findQuoted,
  giveReplyToPerson,
  type NewInbound,
  renameUnknownSender,
  storeInbound,
  takeRepliesOfIds,
  type UnknownSender,
} from './replies.sql.ts';

export interface ReplyDeps {
  readonly phoneNumberId: string;
  /** The canonical key of a person (lib/phone/parse.ts). */
  readonly personOf: (digits: number) => number;
}

interface Sender {
  readonly person: number;
  readonly phone: number;
}

export async function storeInboundItems(deps: ReplyDeps, sql: Sql, items: readonly WebhookItem[]): Promise<void> {
  const inbound = [...new Map(items.flatMap((item) => (item.kind === 'inbound' ? [[item.id, item] as const] : []))).values()];
  const preferences = items.filter((item) => item.kind === 'preference');
  if (inbound.length === 0 && preferences.length === 0) return;
  const senders = await findSenders(deps, sql, [...inbound, ...preferences]);
  const moved: Moved[] = [];
  for (const message of inbound)
    if (message.type === 'system') moved.push(...(await followChange(deps, sql, message, senders.get(message))));
  const own = inbound.some(mayAsk) ? await listPhrases(sql) : [];
  await storeMessages(deps, sql, inbound, { senders, own });
  for (const change of preferences) await applyPreference(deps, sql, change, senders.get(change));
  // Last: what came with the same batch was said with the old number too.
  for (const { before, after, at } of moved) await carryOptOuts(sql, { person: before.person, until: at }, after);
}

/** Somebody who has another number since then. */
interface Moved {
  readonly before: Sender;
  readonly after: Sender;
  readonly at: Date;
}

/** By the phone; by a user id whose phone is known; by the message of ours that is quoted. */
async function findSenders(
  deps: ReplyDeps,
  sql: Sql,
  items: readonly (InboundMessage | PreferenceChange)[],
): Promise<Map<InboundMessage | PreferenceChange, Sender>> {
  const senders = new Map<InboundMessage | PreferenceChange, Sender>();
  for (const item of items) {
    const phone = digitsOf(item.kind === 'inbound' ? item.from : item.waId);
    if (phone !== undefined) senders.set(item, { person: deps.personOf(phone), phone });
  }
  const hidden = items.filter((item) => !senders.has(item));
  if (hidden.length === 0) return senders;
  const byId = await findPeopleByIds(sql, hidden.flatMap(idsOf));
  const quotes = hidden.flatMap((item) => {
    const wamid = item.kind === 'inbound' ? item.contextWamid : undefined;
    const digits = wamid === undefined ? undefined : digitsInWamid(wamid);
    return wamid === undefined || digits === undefined ? [] : [{ wamid, person: deps.personOf(digits) }];
  });
  const quoted = await findQuoted(sql, quotes);
  const learnt = [];
  for (const item of hidden) {
    const known = idsOf(item)
      .map((id) => byId.get(id))
      .find((sender) => sender !== undefined);
    const sender = known ?? (item.kind === 'inbound' ? quoted.get(item.contextWamid ?? '') : undefined);
    if (sender === undefined) continue;
    senders.set(item, sender);
    for (const userId of idsOf(item)) learnt.push({ userId, ...sender, seenAt: item.timestamp });
  }
  await adoptReplies(sql, await storePersonIds(sql, learnt));
  return senders;
}

function idsOf(item: InboundMessage | PreferenceChange): string[] {
  const ids = item.kind === 'inbound' ? [item.fromUserId, item.fromParentUserId] : [item.userId, item.parentUserId];
  return [...ids, ...(item.kind === 'inbound' ? (item.oldUserIds ?? []) : [])].filter((id) => id !== undefined);
}

/** A new number or a new id of somebody: still the same person, so what was said before holds. */
async function followChange(deps: ReplyDeps, sql: Sql, message: InboundMessage, before: Sender | undefined): Promise<Moved[]> {
  const { newUserIds = [], oldUserIds = [], timestamp: seenAt } = message;
  const phone = digitsOf(message.newWaId);
  const after = phone === undefined ? before : { person: deps.personOf(phone), phone };
  if (after === undefined) {
    const [newest] = newUserIds;
    if (newest !== undefined && oldUserIds.length > 0) await renameUnknownSender(sql, oldUserIds, newest);
    return [];
  }
  const ids = [...newUserIds, ...oldUserIds].map((userId) => ({ userId, ...after, seenAt }));
  await adoptReplies(sql, await storePersonIds(sql, ids));
  return before !== undefined && before.person !== after.person ? [{ before, after, at: seenAt }] : [];
}

/** Kinds in which somebody says something; the name of a place or a contact, or an emoji, asks for nothing. */
const SPOKEN: ReadonlySet<string> = new Set(['text', 'button', 'interactive', 'edit', 'image', 'video', 'document']);

function mayAsk(message: { readonly type: string }): boolean {
  return SPOKEN.has(message.type);
}

function askedIn(
  message: { readonly type: string; readonly text?: string; readonly payload?: string },
  own: readonly OwnPhrase[],
): Asked | undefined {
  if (!mayAsk(message)) return undefined;
  const tapped = isTap(message.type);
  // The answers of a form are no payload of a button.
  const payload = tapped && message.payload?.startsWith('{') !== true ? readOptOut(message.payload, { tapped, own }) : undefined;
  const text = readOptOut(message.text, { tapped, own });
  return [payload, text].find((asked) => asked?.kind === 'opt_out') ?? payload ?? text;
}

function isTap(type: string): boolean {
  return type === 'button' || type === 'interactive';
}

async function storeMessages(
  deps: ReplyDeps,
  sql: Sql,
  inbound: readonly InboundMessage[],
  { senders, own }: { senders: ReadonlyMap<unknown, Sender>; own: readonly OwnPhrase[] },
): Promise<void> {
  const read = inbound.map((message) => ({ message, sender: senders.get(message), asked: askedIn(message, own) }));
  const doubted = read.flatMap(({ asked, sender }) =>
    asked?.kind === 'doubtful' && sender !== undefined ? [sender.person] : [],
  );
  // Who is out already has nothing left to be asked.
  const out = await whoIsOut(sql, doubted);
  const rows = read.map(({ message, sender, asked }): NewInbound => {
    const doubt = doubtOf(asked, sender, out);
    return {
      id: message.id,
      person: sender?.person,
      userId: message.fromUserId ?? message.fromParentUserId,
      name: message.profileName,
      phoneNumberId: message.phoneNumberId ?? deps.phoneNumberId,
      type: message.type,
      body: message.text,
      payload: message.raw,
      contextWamid: message.contextWamid,
      sentAt: message.timestamp,
      consent: doubt !== undefined ? 'doubtful' : asked?.kind === 'opt_out' ? 'opted_out' : undefined,
      doubt,
      standby: message.standby === true,
    };
  });
  const added = await storeInbound(sql, rows);
  const words = read.flatMap(({ message, sender, asked }) => {
    const campaignId = added.get(message.id);
    if (campaignId === undefined || sender === undefined || asked === undefined) return [];
    if (asked.kind === 'doubtful' && doubtOf(asked, sender, out) === undefined) return [];
    return [
      wordOf(
        { id: message.id, type: message.type, said: message.text ?? message.payload, at: message.timestamp, campaignId },
        sender,
        asked,
      ),
    ];
  });
  await suppress(sql, words);
}

function doubtOf(asked: Asked | undefined, sender: Sender | undefined, out: ReadonlySet<number>): Doubt | undefined {
  if (asked === undefined) return undefined;
  if (sender === undefined) return 'sender_unknown';
  return asked.kind === 'doubtful' && !out.has(sender.person) ? asked.why : undefined;
}

interface Said {
  readonly id: string;
  readonly type: string;
  readonly said: string | null | undefined;
  readonly at: Date;
  readonly campaignId?: number | null;
}

function wordOf({ id, type, said, at, campaignId }: Said, sender: Sender, asked: Asked): Suppression {
  return {
    ...sender,
    scope: asked.kind === 'doubtful' ? 'doubtful' : asked.scope,
    source: isTap(type) ? 'button' : 'keyword',
    detail: {
      inbound_id: id,
      said: said ?? null,
      ...(campaignId === undefined || campaignId === null ? {} : { campaign_id: campaignId }),
    },
    since: at,
  };
}

/** A choice made inside WhatsApp (docs/meta.md, Preferences): the newest timestamp wins. */
async function applyPreference(deps: ReplyDeps, sql: Sql, change: PreferenceChange, sender: Sender | undefined): Promise<void> {
  if (sender === undefined) {
    if (change.value === 'stop') await storeInbound(sql, [preferenceOfNobody(deps, change)]);
    return;
  }
  const word = preferenceWord(change, sender);
  if (change.value === 'stop') await suppress(sql, [word]);
  else if (change.value === 'resume' || change.value === 'signup') await resume(sql, word);
}

function preferenceWord(change: Pick<PreferenceChange, 'category' | 'detail' | 'timestamp'>, sender: Sender): Suppression {
  const detail = { category: change.category, detail: change.detail };
  return { ...sender, scope: 'marketing', source: 'preferences', detail, since: change.timestamp };
}

const PREFERENCE = 'user_preferences';

/** It must not be lost for want of a phone: it stands among the doubtful replies until the phone is known. */
function preferenceOfNobody(deps: ReplyDeps, change: PreferenceChange): NewInbound {
  const userId = change.userId ?? change.parentUserId;
  return {
    id: `${PREFERENCE}.${userId ?? ''}.${String(change.timestamp.getTime())}`,
    person: undefined,
    userId,
    name: undefined,
    phoneNumberId: change.phoneNumberId ?? deps.phoneNumberId,
    type: PREFERENCE,
    body: change.detail,
    payload: change.raw,
    contextWamid: undefined,
    sentAt: change.timestamp,
    consent: 'doubtful',
    doubt: 'sender_unknown',
    standby: false,
  };
}

/** Ids whose phone has just become known: what came under them gets its person, and a STOP among it holds from when it was said. */
export async function adoptReplies(sql: Sql, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const waiting = await takeRepliesOfIds(sql, userIds);
  if (waiting.length === 0) return;
  const people = await findPeopleByIds(sql, userIds);
  const own = await listPhrases(sql);
  for (const reply of waiting) {
    const sender = people.get(reply.user_id);
    if (sender === undefined) continue;
    const asked = reply.doubt === 'sender_unknown' ? askedBefore(reply, own) : undefined;
    await giveReplyToPerson(
      sql,
      reply.id,
      sender.person,
      asked === undefined ? reply.consent : asked.kind === 'opt_out' ? 'opted_out' : 'doubtful',
    );
    if (asked === undefined) continue;
    const word = wordOf({ id: reply.id, type: reply.type, said: reply.body, at: reply.sent_at }, sender, asked);
    await suppress(sql, [reply.type === PREFERENCE ? { ...word, source: 'preferences' } : word]);
  }
}

function askedBefore(reply: UnknownSender, own: readonly OwnPhrase[]): Asked | undefined {
  if (reply.type === PREFERENCE) return { kind: 'opt_out', scope: 'marketing' };
  return askedIn({ type: reply.type, ...(reply.body === null ? {} : { text: reply.body }) }, own);
}

function digitsOf(waId: string | undefined): number | undefined {
  const digits = Number(waId);
  return Number.isSafeInteger(digits) && digits > 0 ? digits : undefined;
}
