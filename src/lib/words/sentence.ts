/**
 * A sentence is a value: its name in the catalogues and what it names. It is made where the fact is known and put into words where a
 * person reads it, in the language of that reader. Between the two it travels as JSON, into the database too.
 */
import { type Language, wordsIn } from './words.ts';

export interface Sentence {
  /** Its id in locales/*.po. */
  readonly sentence: string;
  readonly values?: Values;
  /** It stands inside another sentence and begins with a small letter there. */
  readonly within?: true;
}

/** A plain string is said as it stands in every language: a name, Meta's own words, what an earlier version stored in English. */
export type Text = Sentence | string;

/** A sentence among the values, or several in a row, are put into the same language first. */
export type Values = Readonly<Record<string, string | number | Sentence | readonly Text[]>>;

/** An answer as whoever asked for it gets it: every sentence in it has become words. */
export type InWords<T> = T extends Sentence
  ? string
  : T extends readonly (infer Item)[]
    ? InWords<Item>[]
    : T extends object
      ? { [K in keyof T]: InWords<T[K]> }
      : T;

export function say(id: string, values?: Values): Sentence {
  return values === undefined ? { sentence: id } : { sentence: id, values };
}

/** After a colon, say. */
export function within(text: Text): Text {
  return typeof text === 'string' ? lowerFirst(text) : { ...text, within: true };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Sentences one after the other. */
export function together(...sentences: readonly Text[]): Sentence {
  const [only] = sentences;
  if (sentences.length === 1 && isSentence(only)) return only;
  return say('server.words.together', { sentences });
}

/** Several sentences are joined by spaces. */
export function translate(text: Text | readonly Text[], language: Language): string {
  if (typeof text === 'string') return text;
  if (isSeveral(text)) return text.map((one) => translate(one, language)).join(' ');
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(text.values ?? {}))
    values[name] = typeof value === 'object' ? translate(value, language) : value;
  const words = wordsIn(language)(text.sentence, values);
  return text.within === true ? lowerFirst(words) : words;
}

/** For logs, and for whoever reads an error without having said in which language. */
export function english(text: Text | readonly Text[]): string {
  return translate(text, 'en');
}

function isSeveral(text: Text | readonly Text[]): text is readonly Text[] {
  return Array.isArray(text);
}

export function isSentence(value: unknown): value is Sentence {
  if (typeof value !== 'object' || value === null || !('sentence' in value) || typeof value.sentence !== 'string') return false;
  return Object.keys(value).every((key) => key === 'sentence' || key === 'values' || key === 'within');
}

/** The same value with every sentence in it put into words; what holds none is given back as it is. */
export function translateAll(value: unknown, language: Language): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSentence(value)) return translate(value, language);
  if (Array.isArray(value)) {
    const parts = value.map((part: unknown) => translateAll(part, language));
    return parts.some((part, at) => part !== value[at]) ? parts : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [name, part] of Object.entries(value)) {
    const said = translateAll(part, language);
    if (said !== part) (copy ??= { ...value })[name] = said;
  }
  return copy ?? value;
}

/** As a column of text keeps it. */
export function keepText(text: Text): string {
  return typeof text === 'string' ? text : JSON.stringify(text);
}

/** Back from a column of text; plain words, which earlier versions stored, stay plain words. */
export function keptText(stored: string): Text {
  if (!stored.startsWith('{"sentence":')) return stored;
  try {
    const value: unknown = JSON.parse(stored);
    return isSentence(value) ? value : stored;
  } catch {
    return stored;
  }
}
