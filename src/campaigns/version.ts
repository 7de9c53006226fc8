/**
 * What was looked at is what is sent. A preview or preflight notes the version it showed; when text, category, language, mapping or
 * price have changed by the time of the start, nothing starts until a person has seen both. Who looked at nothing starts without a
 * question: the version is then that of the upload.
 */
import { type Campaign, rememberVersion } from '../lifecycle/campaign.sql.ts';
import { noTallies, readTallies } from '../lifecycle/counters.sql.ts';
import { estimate } from '../pricing/rate-card.ts';
import type { Mapping } from '../templates/mapping.ts';
import { parseTemplate, type Template } from '../templates/template.ts';
import { dearer, differencesOf, type Version, type VersionDifference, versionOf } from '../templates/version.ts';
import type { Check } from './check.ts';
import type { CampaignDeps } from './deps.ts';

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
  deps: CampaignDeps,
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
  deps: CampaignDeps,
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

/** One red check with both versions in words; empty when nothing has changed. */
export function versionChecks(id: number, { seen, now, differences }: Versions): Check[] {
  if (seen === null || differences.length === 0) return [];
  const parts = differences.map((difference) => describe(difference, seen, now)).filter((part) => part !== '');
  const message = `What would be sent is not what was looked at. ${parts.join(' ')} Look at both; if the new version is right, confirm it (POST /api/v1/campaigns/${String(id)}/confirm with the version of the preflight).`;
  return [{ level: 'red', code: 'version_changed', message }];
}

function describe(difference: VersionDifference, seen: Version, now: Version): string {
  switch (difference) {
    case 'template':
      return `Template: it was "${seen.template_name}", now it is "${now.template_name}".`;
    case 'language':
      return `Language: it was ${seen.template_language}, now it is ${now.template_language}.`;
    case 'category':
      return `Category: it was ${seen.category}, now it is ${now.category}.`;
    case 'text':
      return `Text: it was "${bodyOf(seen)}", now it is "${bodyOf(now)}".`;
    case 'mapping':
      return `Mapping: it was ${JSON.stringify(seen.mapping)}, now it is ${JSON.stringify(now.mapping)}.`;
    case 'price': {
      const [market = ''] = dearer(seen, now);
      return `Price: one message (${market}) cost ${money(seen.prices[market])}, now it costs ${money(now.prices[market])} ${now.currency}.`;
    }
  }
}

function money(micros: number | undefined): string {
  return String((micros ?? 0) / 1e6);
}

function bodyOf({ components }: Version): string {
  const parts: unknown[] = Array.isArray(components) ? components : [];
  for (const part of parts) {
    if (typeof part === 'object' && part !== null && 'type' in part && 'text' in part && part.type === 'BODY')
      return String(part.text);
  }
  return '';
}

/**
 * Notes what a preview or preflight showed, once its mapping is whole: before that there is no message to look at. The first look counts: a later one with another version must not pass in silence.
 */
export async function noteLook(deps: CampaignDeps, campaign: Campaign, now: Version, by: 'look' | 'upload'): Promise<void> {
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
