/** What a person is told where the version of now is not the one that was looked at. */
import { type Sentence, say } from '../lib/words/sentence.ts';
import type { Versions } from '../lifecycle/looked-at.ts';
import { dearer, type Version, type VersionDifference } from '../templates/version.ts';
import type { Check } from './check.ts';

/** One red check with both versions in words; empty when nothing has changed. */
export function versionChecks(id: number, { seen, now, differences }: Versions): Check[] {
  if (seen === null || differences.length === 0) return [];
  const parts = differences.map((difference) => describe(difference, seen, now));
  const message = say('server.campaigns.what-would-sent', { parts: parts, id });
  return [{ level: 'red', code: 'version_changed', message }];
}

function describe(difference: VersionDifference, seen: Version, now: Version): Sentence {
  switch (difference) {
    case 'template':
      return say('server.campaigns.template-now', { templateName: seen.template_name, templateName2: now.template_name });
    case 'language':
      return say('server.campaigns.language-now', {
        templateLanguage: seen.template_language,
        templateLanguage2: now.template_language,
      });
    case 'category':
      return say('server.campaigns.category-now', { category: seen.category, category2: now.category });
    case 'text':
      return say('server.campaigns.text-now', { seen: bodyOf(seen), now: bodyOf(now) });
    case 'mapping':
      return say('server.campaigns.mapping-now', {
        stringify: JSON.stringify(seen.mapping),
        stringify2: JSON.stringify(now.mapping),
      });
    case 'price': {
      const [market = ''] = dearer(seen, now);
      return say('server.campaigns.price-one-message', {
        market,
        prices: money(seen.prices[market]),
        prices2: money(now.prices[market]),
        currency: now.currency,
      });
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
