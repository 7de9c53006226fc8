/**
 * Whose message a status speaks of: by our own data first, then by the id Meta gave the message.
 *
 * Our data names a campaign and a message by numbers, and a restored database gives the same numbers to others. So a status is believed only
 * where all of it fits: the life of the database it was sent from, the number it was sent by, and the person or the id (the last two are
 * compared while the message is locked, in lifecycle/report.sql.ts). What is told of a life before counts for whoever was here then.
 */
import type { Sql } from '../lib/db/db.ts';
import { type AttemptKey, isCallbackData, type Origin, parseCallbackData } from '../lifecycle/message.ts';
import { digitsInWamid } from '../whatsapp/wamid.ts';
import type { StatusReport } from '../whatsapp/webhook-status.ts';
import { attemptsOfFormerLife, type CampaignMark, campaignMarks } from './match.sql.ts';
import { findByWamid, type UnmatchedStatus } from './unmatched.sql.ts';

export interface MatchDeps extends Origin {
  /** The canonical key of a person. */
  readonly personOf: (digits: number) => number;
}

/** A status and the attempt it names. */
export interface Named {
  readonly key: AttemptKey;
  readonly status: StatusReport;
  /** Undefined where Meta does not name the person by a number. */
  readonly person: number | undefined;
}

interface Unnamed {
  readonly status: StatusReport;
  readonly person: number | undefined;
}

export async function matchStatuses(
  deps: MatchDeps,
  sql: Sql,
  statuses: readonly StatusReport[],
): Promise<{ named: Named[]; unmatched: UnmatchedStatus[] }> {
  const { named, former, unnamed } = await byOurData(deps, sql, statuses);
  const attempts = await attemptsOfFormerLife(
    sql,
    former.map(({ key }) => key),
  );
  for (const [place, { key, status, person }] of former.entries()) {
    const attempt = attempts[place];
    if (attempt === undefined) unnamed.push({ status, person });
    else named.push({ key: { ...key, attempt }, status, person });
  }
  const found = await findByWamid(
    sql,
    unnamed.flatMap(({ status, person }) => {
      // The recipient may be written in another way: the wamid itself names the number it was sent to.
      const sentTo = digitsInWamid(status.wamid);
      const people = new Set([person, sentTo === undefined ? undefined : deps.personOf(sentTo)]);
      return [...people].flatMap((one) => (one === undefined ? [] : [{ wamid: status.wamid, person: one }]));
    }),
  );
  const unmatched: UnmatchedStatus[] = [];
  for (const { status, person } of unnamed) {
    const key = found.get(status.wamid);
    if (key === undefined) unmatched.push({ wamid: status.wamid, person, payload: status.raw });
    else named.push({ key, status, person });
  }
  return { named, unmatched };
}

async function byOurData(
  deps: MatchDeps,
  sql: Sql,
  statuses: readonly StatusReport[],
): Promise<{ named: Named[]; former: Named[]; unnamed: Unnamed[] }> {
  const told: (Named & { readonly epoch: string | null })[] = [];
  const unnamed: Unnamed[] = [];
  for (const status of statuses) {
    const person = personOfStatus(deps, status);
    const data = status.callbackData;
    const ours = data === undefined ? undefined : parseCallbackData(deps.installationId, data);
    if (ours !== undefined) told.push({ key: ours.key, epoch: ours.epoch, status, person });
    // Of another installation on the same number it is nobody's here, and never will be.
    else if (data === undefined || !isCallbackData(data)) unnamed.push({ status, person });
  }
  const marks = await campaignMarks(sql, [...new Set(told.map(({ key }) => key.campaignId))]);
  const named: Named[] = [];
  const former: Named[] = [];
  for (const one of told) {
    const mark = marks.get(one.key.campaignId);
    if (mark !== undefined && !isOfNumber(mark, one.status)) unnamed.push(one);
    else if (one.epoch === deps.epoch) named.push(one);
    else if (mark !== undefined && one.key.messageId <= mark.restored_through && one.person !== undefined) former.push(one);
    else unnamed.push(one);
  }
  return { named, former, unnamed };
}

function isOfNumber(mark: CampaignMark, status: StatusReport): boolean {
  return status.phoneNumberId === undefined || status.phoneNumberId === mark.phone_number_id;
}

/** Missing of people behind a username: then the wamid names the number it was sent to, if it was sent to one. */
function personOfStatus(deps: Pick<MatchDeps, 'personOf'>, status: StatusReport): number | undefined {
  const digits = Number(status.recipientId);
  if (Number.isSafeInteger(digits) && digits > 0) return deps.personOf(digits);
  const sentTo = digitsInWamid(status.wamid);
  return sentTo === undefined ? undefined : deps.personOf(sentTo);
}
