import { PHONE_FAULTS } from '../lib/phone/faults.ts';
import { NOTICES, ROW_FAULTS } from './messages.ts';

const FAULTS: Readonly<Record<string, { readonly en: string; readonly es: string }>> = { ...PHONE_FAULTS, ...ROW_FAULTS };
const NOTICE_WORDS: Readonly<Record<string, { readonly es: string }>> = NOTICES;

/** The sentence of a refused row in Spanish, with what its English one names; null for those a template gives, which are English. */
export function faultInSpanish(code: string, english: string): string | null {
  const words = FAULTS[code];
  if (words === undefined) return null;
  const names = [...words.en.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  if (names.length === 0) return words.es;
  const pattern = words.en.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const values = new RegExp(`^${pattern.join('(.*)')}$`, 's').exec(english);
  if (values === null) return null;
  return words.es.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => values[names.indexOf(name) + 1] ?? '');
}

export function noticeInSpanish(code: string): string | null {
  return NOTICE_WORDS[code]?.es ?? null;
}
