/**
 * What was looked at is what is sent. A preview or preflight notes the version it showed; when text, category, language, mapping or
 * price have changed by the time of the start, nothing starts until a person has seen both. Who looked at nothing starts without a
 * question: the version is then that of the upload.
 */
import type { Db } from '../lib/db/db.ts';
import { estimate, type FlatPrice, type RateCard } from '../pricing/rate-card.ts';
import type { Mapping } from '../templates/mapping.ts';
import { parseTemplate, type Template } from '../templates/template.ts';
import { differencesOf, type Version, type VersionDifference, versionOf } from '../templates/version.ts';
import { type Campaign, rememberVersion } from './campaign.sql.ts';
import { noTallies, readTallies } from './counters.sql.ts';

export interface VersionDeps {
  readonly db: Db;
  /** What a message costs at a time: COST_PER_MESSAGE, or the rate card then in force. */
  readonly price: (at: Date) => RateCard | FlatPrice;
}

/** How the version that counts came to count. */
export interface LookedAt {
  readonly by: 'upload' | 'look' | 'confirm' | 'start';
  readonly at: string;
  readonly version: Version;
}

export interface Versions {
  readonly seen: Version | null;
  readonly now: Version;
  readonly differences: readonly VersionDifference[];
}

/** The version a start would freeze, against the one that was looked at. */
export async function versionsOf(
  deps: VersionDeps,
  campaign: Campaign,
  { template, mapping }: { readonly template: Template; readonly mapping: Mapping },
): Promise<Versions> {
  const now = await currentVersion(deps, campaign, { template, mapping });
  const seen = seenVersion(campaign, now);
  // Nobody has looked at the mapping yet: which columns fill the message may change with every file.
  const isUnseen = (campaign.looked_at as LookedAt | null)?.by === 'upload';
  const differences = seen === null ? [] : differencesOf(seen, now);
  return { seen, now, differences: isUnseen ? differences.filter((difference) => difference !== 'mapping') : differences };
}

async function currentVersion(
  deps: VersionDeps,
  campaign: Campaign,
  { template, mapping }: { readonly template: Template; readonly mapping: Mapping },
): Promise<Version> {
  const { markets } = (await readTallies(deps.db, [campaign.id])).get(campaign.id) ?? noTallies();
  const one = Object.fromEntries([...markets.keys()].map((market) => [market, 1]));
  const cost = estimate(one, template.category, deps.price(new Date()));
  const prices = Object.fromEntries(cost.markets.map(({ market, unitMicros }) => [market, unitMicros]));
  return versionOf(template, mapping, { prices, currency: cost.currency });
}

/** What has started is what it was frozen with, also where that was before versions were noted. */
function seenVersion(campaign: Campaign, now: Version): Version | null {
  const looked = campaign.looked_at as LookedAt | null;
  if (looked !== null) return looked.version;
  const frozen = campaign.template === null ? undefined : parseTemplate(campaign.template);
  if (frozen?.ok !== true) return null;
  return versionOf(frozen.template, campaign.mapping as Mapping, { prices: now.prices, currency: now.currency });
}

/**
 * Notes what a preview or preflight showed, once its mapping is whole: before that there is no message to look at. The first look counts: a later one with another version must not pass in silence.
 */
export async function noteLook(deps: VersionDeps, campaign: Campaign, now: Version, by: 'look' | 'upload'): Promise<void> {
  if (campaign.status !== 'draft' && campaign.status !== 'scheduled') return;
  // Without people there is nothing to look at yet: which columns fill the message shows with the first file.
  if (campaign.published_through === 0) return;
  const looked = campaign.looked_at as LookedAt | null;
  if (looked !== null && looked.by !== 'upload') return;
  await rememberVersion(deps.db, campaign.id, { before: looked?.at ?? null, now: lookedAt(by, now) });
}

export function lookedAt(by: LookedAt['by'], version: Version): LookedAt {
  return { by, at: new Date().toISOString(), version };
}
