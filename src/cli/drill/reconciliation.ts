/**
 * The account of a drill: what the simulator accepted against what the product says of everybody on its lists. Pure.
 *
 * Nobody twice: no attempt and no person stands in the ledger more than once. Nobody lost: whoever is not in the ledger is in a box
 * that says so. Equal: whoever is in the ledger stands in the box, with the id and the error, that the ledger tells.
 */
import { type ByStatus, MESSAGE_STATUSES, type MessageStatus, zeroByStatus } from '../../lifecycle/message.ts';

/** One person of a campaign, as the API tells. */
export interface PersonFact {
  readonly id: number;
  readonly phone: string;
  readonly status: MessageStatus;
  readonly attempt: number;
  readonly wamid: string | null;
  readonly errorCode: number | null;
  readonly reason: string | null;
  readonly priceMicros: number | null;
}

export interface CampaignFact {
  readonly id: number;
  readonly status: string;
  /** As the counters tell. */
  readonly by_status: ByStatus;
  readonly costMicros: number;
  readonly messagesSent: number;
  readonly duplicateIncidents: number;
  readonly people: readonly PersonFact[];
}

/** One accepted message, as the simulator tells. */
export interface LedgerEntry {
  readonly wamid: string;
  readonly to: string;
  readonly callback: string | null;
  readonly final: string;
  readonly errorCode: number | null;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  /** Some status of it was taken in by the product's webhook. */
  readonly told: boolean;
}

export interface Fault {
  readonly kind:
    | 'written_twice'
    | 'left_out'
    | 'invented'
    | 'wrong_box'
    | 'wrong_wamid'
    | 'wrong_attempt'
    | 'wrong_error'
    | 'not_settled'
    | 'stranger'
    | 'wrong_counter'
    | 'wrong_cost'
    | 'duplicate_incident';
  readonly campaign: number | null;
  readonly person: number | null;
  readonly what: string;
}

export interface Account {
  readonly ok: boolean;
  readonly people: number;
  readonly accepted: number;
  readonly by_status: ByStatus;
  /** People whom the simulator has more than once. */
  readonly repeated: number;
  /** People of whom nothing is known though they should have been written to. */
  readonly lost: number;
  /** Were unknown in between or are still, and Meta never had them: claimed when a process died. Allowed, and listed. */
  readonly unknownNeverAccepted: readonly string[];
  /** Accepted, and every answer and webhook was lost for good: allowed only when the simulator tells nothing of them. */
  readonly unknownNeverTold: readonly string[];
  readonly faults: readonly Fault[];
}

/** Whose campaign, which person, which attempt: the end of our callback data. */
export function parseCallback(callback: string | null): { campaign: number; person: number; attempt: number } | undefined {
  const match = /^[0-9a-z]+\.(\d+)\.(\d+)\.(\d+)$/.exec(callback ?? '');
  return match === null ? undefined : { campaign: Number(match[1]), person: Number(match[2]), attempt: Number(match[3]) };
}

export function drawAccount(campaigns: readonly CampaignFact[], ledger: readonly LedgerEntry[]): Account {
  const faults: Fault[] = [];
  const { byPerson, repeated } = sortLedger(ledger, faults);
  const byStatus = zeroByStatus();
  const neverAccepted: string[] = [];
  const neverTold: string[] = [];
  let people = 0;
  let lost = 0;
  for (const campaign of campaigns) {
    for (const person of campaign.people) {
      people++;
      byStatus[person.status]++;
      const key = keyOf(campaign.id, person.id);
      const entry = byPerson.get(key);
      byPerson.delete(key);
      const found = entry === undefined ? notAccepted(campaign, person) : compare(campaign, person, entry);
      faults.push(...found);
      if (found.some((fault) => fault.kind === 'left_out')) lost++;
      if (person.status === 'unknown')
        (entry === undefined ? neverAccepted : neverTold).push(`${key} ${person.phone} (${person.reason ?? ''})`);
    }
    faults.push(...countersOf(campaign));
  }
  for (const [key, entry] of byPerson)
    faults.push({ kind: 'stranger', campaign: null, person: null, what: `${entry.wamid} of ${key} is nobody's` });
  return {
    ok: faults.length === 0,
    people,
    accepted: ledger.length,
    by_status: byStatus,
    repeated,
    lost,
    unknownNeverAccepted: neverAccepted,
    unknownNeverTold: neverTold,
    faults,
  };
}

function keyOf(campaign: number, person: number): string {
  return `${String(campaign)}.${String(person)}`;
}

/** The last entry of each person; a second one is the fault all this is about. */
function sortLedger(ledger: readonly LedgerEntry[], faults: Fault[]): { byPerson: Map<string, LedgerEntry>; repeated: number } {
  const byPerson = new Map<string, LedgerEntry>();
  const twice = new Set<string>();
  for (const entry of ledger) {
    const of = parseCallback(entry.callback);
    if (of === undefined) {
      faults.push({
        kind: 'stranger',
        campaign: null,
        person: null,
        what: `${entry.wamid} carries no callback data of ours: ${String(entry.callback)}`,
      });
      continue;
    }
    const key = keyOf(of.campaign, of.person);
    const before = byPerson.get(key);
    if (before !== undefined) {
      twice.add(key);
      faults.push({
        kind: 'written_twice',
        campaign: of.campaign,
        person: of.person,
        what: `${entry.to}: ${String(before.callback)} and ${String(entry.callback)}`,
      });
    }
    byPerson.set(key, entry);
  }
  return { byPerson, repeated: twice.size };
}

const ENDED = new Set(['completed']);
const SAYS_ACCEPTED = new Set<MessageStatus>(['held', 'accepted', 'sent', 'delivered', 'read']);

function notAccepted(campaign: CampaignFact, person: PersonFact): Fault[] {
  const at = { campaign: campaign.id, person: person.id };
  if (SAYS_ACCEPTED.has(person.status) || person.wamid !== null) {
    return [{ kind: 'invented', ...at, what: `${person.status} with ${String(person.wamid)}, but the simulator never had it` }];
  }
  const isOpen = person.status === 'pending' || person.status === 'sending';
  if (isOpen && (ENDED.has(campaign.status) || campaign.status === 'cancelled')) {
    return [{ kind: 'left_out', ...at, what: `${person.status} in a campaign that is ${campaign.status}` }];
  }
  if (person.status === 'cancelled' && campaign.status !== 'cancelled') {
    return [{ kind: 'left_out', ...at, what: `cancelled in a campaign that is ${campaign.status}` }];
  }
  if (person.status === 'failed' && person.errorCode === null)
    return [{ kind: 'left_out', ...at, what: 'failed without a reason' }];
  return [];
}

function compare(campaign: CampaignFact, person: PersonFact, entry: LedgerEntry): Fault[] {
  const at = { campaign: campaign.id, person: person.id };
  // Nothing is ever told of some (a fate the simulator knows): then only the answer could have, and that may be lost.
  if (person.status === 'unknown')
    return entry.told ? [{ kind: 'not_settled', ...at, what: `unknown, but the simulator says ${entry.final}` }] : [];
  const faults: Fault[] = [];
  if (person.status !== entry.final)
    faults.push({
      kind: 'wrong_box',
      ...at,
      what: `${person.status}, but the simulator says ${entry.final} (${entry.wamid}, attempt ${String(person.attempt)})`,
    });
  if (person.wamid !== entry.wamid)
    faults.push({ kind: 'wrong_wamid', ...at, what: `${String(person.wamid)} instead of ${entry.wamid}` });
  const attempt = parseCallback(entry.callback)?.attempt;
  if (attempt !== person.attempt && person.status !== 'cancelled')
    faults.push({
      kind: 'wrong_attempt',
      ...at,
      what: `stands at attempt ${String(person.attempt)}, accepted was ${String(attempt)}`,
    });
  if (entry.final === 'failed' && person.errorCode !== entry.errorCode)
    faults.push({ kind: 'wrong_error', ...at, what: `${String(person.errorCode)} instead of ${String(entry.errorCode)}` });
  return faults;
}

/** The counters against the people themselves. */
function countersOf(campaign: CampaignFact): Fault[] {
  const faults: Fault[] = [];
  const counted = zeroByStatus();
  let costMicros = 0;
  let sent = 0;
  for (const person of campaign.people) {
    counted[person.status]++;
    if (person.wamid !== null) sent++;
    if (person.status === 'delivered' || person.status === 'read') costMicros += person.priceMicros ?? 0;
  }
  const at = { campaign: campaign.id, person: null };
  for (const status of MESSAGE_STATUSES) {
    if (counted[status] !== campaign.by_status[status]) {
      faults.push({
        kind: 'wrong_counter',
        ...at,
        what: `${status}: the counter says ${String(campaign.by_status[status])}, there are ${String(counted[status])}`,
      });
    }
  }
  if (sent !== campaign.messagesSent)
    faults.push({
      kind: 'wrong_counter',
      ...at,
      what: `messages_sent: the counter says ${String(campaign.messagesSent)}, there are ${String(sent)}`,
    });
  if (costMicros !== campaign.costMicros)
    faults.push({
      kind: 'wrong_cost',
      ...at,
      what: `${String(campaign.costMicros)} micros, the people add up to ${String(costMicros)}`,
    });
  if (campaign.duplicateIncidents > 0)
    faults.push({ kind: 'duplicate_incident', ...at, what: `${String(campaign.duplicateIncidents)} duplicate incidents` });
  return faults;
}
