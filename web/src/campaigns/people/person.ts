import type { Schemas } from '../../lib/api.ts';
import type { Translate } from '../../lib/translate.ts';

export type Person = Schemas['Recipient'];

const NAMES = /^(nombre|name|first.?name|nombres|primer.?nombre|full.?name|nome)/i;

/** A column that is called a name, else the first value that has letters: what a list calls somebody. */
export function nameOf({ data }: Pick<Person, 'data'>): string {
  const columns = Object.entries(data);
  const named = columns.find(([column, value]) => NAMES.test(column) && value.trim() !== '');
  return (named ?? columns.find(([, value]) => /\p{L}{2}/u.test(value)))?.[1] ?? '';
}

/** The last that is known, and when. */
export function latest(person: Person): { readonly kind: string; readonly at: string } | undefined {
  for (const kind of ['read', 'delivered', 'sent', 'accepted'] as const) {
    const at = person[`${kind}_at`];
    if (at !== null && person.status === kind) return { kind, at };
  }
  if (person.failed_at !== null && person.status === 'failed') return { kind: 'failed', at: person.failed_at };
  return undefined;
}

/** Why somebody is where they are, in words. */
export function whyWords(person: Person, t: Translate): string {
  if (person.error !== null) return person.error.title;
  if (person.reason === null) return '';
  const known = ['opted_out', 'erased', 'process_lost', 'timeout', 'connection_lost', 'closed'];
  return known.includes(person.reason) ? t(`reason.${person.reason.replaceAll('_', '-')}`) : person.reason.replaceAll('_', ' ');
}
