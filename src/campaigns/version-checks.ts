/** What a person is told where the version of now is not the one that was looked at. */
import type { Versions } from '../lifecycle/looked-at.ts';
import { dearer, type Version, type VersionDifference } from '../templates/version.ts';
import type { Check } from './check.ts';

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
