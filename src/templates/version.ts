import { createHash } from 'node:crypto';
import type { Mapping } from './mapping.ts';
import type { Template } from './template.ts';
import { planTemplate } from './variables.ts';

/** Everything a person sees of a campaign before it starts, apart from the people on its list. */
export interface Version {
  readonly template_name: string;
  readonly template_language: string;
  readonly category: string;
  /** Meta's own JSON of the texts and buttons, without its examples (their addresses change at every look). */
  readonly components: unknown;
  /** Only of variables that the template has. */
  readonly mapping: Mapping;
  /** Micros of one message, by market. */
  readonly prices: Readonly<Record<string, number>>;
  readonly currency: string;
}

export type VersionDifference = 'template' | 'language' | 'category' | 'text' | 'mapping' | 'price';

export function versionOf(
  template: Template,
  mapping: Mapping,
  price: { readonly prices: Readonly<Record<string, number>>; readonly currency: string },
): Version {
  const keys = planTemplate(template).variables.map(({ key }) => key);
  const { prices, currency } = price;
  return {
    template_name: template.name,
    template_language: template.language,
    category: template.category,
    components: withoutExamples(template.raw['components'] ?? []),
    mapping: Object.fromEntries(keys.flatMap((key) => (mapping[key] === undefined ? [] : [[key, mapping[key]]]))),
    prices,
    currency,
  };
}

/** What a person would have to look at again. A lower price is none of it. */
export function differencesOf(seen: Version, now: Version): VersionDifference[] {
  const found: VersionDifference[] = [];
  if (seen.template_name !== now.template_name) found.push('template');
  if (seen.template_language !== now.template_language) found.push('language');
  if (seen.category !== now.category) found.push('category');
  if (canonical(seen.components) !== canonical(now.components)) found.push('text');
  if (canonical(seen.mapping) !== canonical(now.mapping)) found.push('mapping');
  if (seen.currency === now.currency && dearer(seen, now).length > 0) found.push('price');
  return found;
}

/** Markets in which one message costs more than it did. */
export function dearer(seen: Version, now: Version): string[] {
  return Object.keys(now.prices).filter(
    (market) => (now.prices[market] ?? 0) > (seen.prices[market] ?? Number.POSITIVE_INFINITY),
  );
}

/** Short, the same for the same version, for a person or program to say which one is meant. */
export function versionId(version: Version): string {
  return hashOf({ ...version, prices: Object.entries(version.prices).sort() });
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

/** jsonb keeps no order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'example')
      .map(([key, inner]) => [key, withoutExamples(inner)]),
  );
}
