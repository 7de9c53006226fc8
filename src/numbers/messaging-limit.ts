/**
 * How many people may be written to in 24 hours, all numbers of the business together: `TIER_250` … `TIER_UNLIMITED`. Meta has written it
 * in several ways over the versions: a tier, a number of people, -1.
 */

/** @param told `max_daily_conversations_per_business`, `max_daily_conversation_per_phone`, `current_limit`. */
export function tierOf(told: unknown): string | undefined {
  if (typeof told === 'string' && /^TIER_\w+$/i.test(told)) return told.toUpperCase();
  const people = typeof told === 'number' ? told : typeof told === 'string' && /^-?\d+$/.test(told) ? Number(told) : undefined;
  if (people === undefined || !Number.isSafeInteger(people)) return undefined;
  if (people < 0) return 'TIER_UNLIMITED';
  return people > 0 && people % 1000 === 0 ? `TIER_${String(people / 1000)}K` : `TIER_${String(people)}`;
}

/** Infinity without a limit; undefined for a tier that nobody can read. */
export function peopleOf(tier: string | null | undefined): number | undefined {
  if (tier === null || tier === undefined) return undefined;
  if (/^TIER_UNLIMITED$/i.test(tier)) return Infinity;
  const [, figure, thousands] = /^TIER_(\d+)(K)?$/i.exec(tier) ?? [];
  return figure === undefined ? undefined : Number(figure) * (thousands === undefined ? 1 : 1000);
}
