/** The words of the page: one catalogue a language, loaded alone, and how a component gets at them. */
import { type Messages, setupI18n } from '@lingui/core';
import { createElement, Fragment, type ReactNode, useMemo, useSyncExternalStore } from 'react';
import { type Format, formatFor } from './format.ts';
import { keepPreference } from './preferences.ts';
import type { Translate, Values } from './translate.ts';

export const LANGUAGES = ['es', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const LOAD: Readonly<Record<Language, () => Promise<{ messages: Messages }>>> = {
  es: () => import('virtual:words/es'),
  en: () => import('virtual:words/en'),
};

const NUMBERS = { number: { useGrouping: 'always' } } as unknown as Record<string, Intl.NumberFormatOptions>;
const i18n = setupI18n();

/** The reader's own variety of a language decides how numbers and dates are written: a Mexican writes 1,842.50, a Spaniard 1.842,50. */
export function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language;
}

export function shownLanguage(): Language {
  return LANGUAGES.find((known) => known === i18n.locale) ?? 'es';
}

export async function showLanguage(language: Language): Promise<void> {
  const { messages } = await LOAD[language]();
  i18n.loadAndActivate({ locale: language, locales: [localeOf(language)], messages });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  await showLanguage(language);
  keepPreference('wasend_language', language);
}

/** The text of an id, its `{names}` filled in. Numbers are given as numbers where the text counts (`plural`), else already formatted. */
const translate: Translate = (id, values) => i18n._(id, { ...values }, { formats: NUMBERS });

export interface Words {
  readonly t: Translate;
  /** As `t`, with `<b>…</b>` (and what `parts` names) as elements. */
  readonly rich: (id: string, values?: Values, parts?: Parts) => ReactNode;
  readonly language: Language;
  readonly f: Format;
}

export type Parts = Readonly<Record<string, (text: string) => ReactNode>>;

const BOLD: Parts = { b: (text) => createElement('b', null, text) };
/** Stands for a "<" of a value while the tags of the text are looked for. */
const LESS = '\uE000';

function rich(id: string, values: Values = {}, parts: Parts = {}): ReactNode {
  const safe = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value.replaceAll('<', LESS) : value]),
  );
  const all: Parts = { ...BOLD, ...parts };
  const pieces = translate(id, safe).split(/<(\w+)>(.*?)<\/\1>/gs);
  const back = (text: string): string => text.replaceAll(LESS, '<');
  const nodes: ReactNode[] = [];
  for (let i = 0; i < pieces.length; i += 3) {
    nodes.push(back(pieces[i] ?? ''));
    const inner = pieces[i + 2];
    if (inner !== undefined) nodes.push(all[pieces[i + 1] ?? '']?.(back(inner)) ?? back(inner));
  }
  return createElement(Fragment, null, ...nodes);
}

/** Everything a component says goes through this; it draws anew when the language is changed. */
export function useWords(): Words {
  const language = useSyncExternalStore(
    (changed) => i18n.on('change', changed),
    () => shownLanguage(),
  );
  return useMemo(
    // A new function for each language, so that whatever depends on `t` is made anew with it.
    () => ({ t: (id, values) => translate(id, values), rich, language, f: formatFor(localeOf(language), translate) }),
    [language],
  );
}

/** Outside of components: titles of the document, messages of errors. */
export const t: Translate = translate;
