/**
 * The texts of the server in the reader's language, from the catalogues the page uses too (locales/*.po). A text is compiled when it
 * is first asked for: a start pays for none of them.
 */
import { readFileSync } from 'node:fs';
import { setupI18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { parsePo } from './po.ts';

export const LANGUAGES = ['es', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Gives the text of an id, its `{names}` filled in. An id that the catalogue lacks is given back as it is. */
export type Translate = (id: string, values?: Readonly<Record<string, unknown>>) => string;

const FOLDER = new URL('../../../locales/', import.meta.url);
const translators = new Map<Language, Translate>();

export function wordsIn(language: Language): Translate {
  const known = translators.get(language);
  if (known !== undefined) return known;
  const texts = parsePo(readFileSync(new URL(`${language}.po`, FOLDER), 'utf8'));
  const catalogue = setupI18n({ locale: language, messages: { [language]: {} } });
  const translate: Translate = (id, values) => {
    const text = texts.get(id);
    if (text !== undefined) {
      catalogue.load(language, { [id]: compileMessage(text) });
      texts.delete(id);
    }
    return catalogue._(id, { ...values }, { formats: { number: { useGrouping: 'always' } } });
  };
  translators.set(language, translate);
  return translate;
}

/** The first of the reader's languages (Accept-Language) that the catalogues have; for everybody else the one that is set, or English. */
export function languageOf(acceptLanguage: string | undefined, otherwise: Language = 'en'): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part, place) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const q = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((value) => value !== undefined);
      return { language: tag.slice(0, 2).toLowerCase(), q: q === undefined ? 1 : Number(q), place };
    })
    .sort((a, b) => b.q - a.q || a.place - b.place);
  for (const { language, q } of wanted) {
    const known = LANGUAGES.find((one) => one === language);
    if (q > 0 && known !== undefined) return known;
  }
  return otherwise;
}
