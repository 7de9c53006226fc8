/**
 * Whether somebody asks not to be written to any more. WhatsApp does nothing about it for a business. Three answers: asks for it,
 * may mean it (a person decides, and nothing promotional is sent meanwhile), does not. Phrases and no stems: "baja", "bajar" and
 * "bajo", "parar" and "para" are one stem and must stay apart. How right it is, is measured: opt-out-figures.test.ts.
 */
import { LANGUAGES, type Language, NEGATION, POLITE, SHORTHAND } from './opt-out-phrases.ts';
import { fold, optOutScope, wordScope } from './opt-out-words.ts';

/** Why a person has to decide. `sender_unknown` is no question of words: the phone is hidden behind a username. */
export const DOUBTS = [
  'unclear',
  'about_something_else',
  'long_text',
  'ambiguous_button',
  'own_phrase',
  'sender_unknown',
] as const;
export type Doubt = (typeof DOUBTS)[number];

export type Asked =
  | { readonly kind: 'opt_out'; readonly scope: 'all' | 'marketing' }
  | { readonly kind: 'doubtful'; readonly why: Doubt };

/** A phrase of the operator's: it comes before those of the program. */
export interface OwnPhrase {
  /** As `fold` leaves it. */
  readonly phrase: string;
  readonly part: 'whole' | 'anywhere';
  readonly meaning: 'opt_out' | 'doubtful' | 'not_opt_out';
  readonly scope: 'all' | 'marketing';
}

/** Longer texts are not searched to their end, and are left to a person. */
const MAX_LENGTH = 600;
const MANY_WORDS = 60;

/** @param tapped the label or payload of a button: of a template of the operator's own, where "Cancel" may speak of an appointment. */
export function readOptOut(
  text: string | undefined,
  { tapped = false, own = [] }: { readonly tapped?: boolean; readonly own?: readonly OwnPhrase[] } = {},
): Asked | undefined {
  if (text === undefined || text === '') return undefined;
  const whole = fold(text.slice(0, MAX_LENGTH));
  const said = ownMeaning(whole, own);
  if (said !== undefined) return meaningOf(said);
  const known = optOutScope(text) ?? wordScope(withoutPoliteness(whole));
  if (known !== undefined && tapped && AMBIGUOUS_TAPS.has(whole)) return { kind: 'doubtful', why: 'ambiguous_button' };
  if (known !== undefined) return { kind: 'opt_out', scope: known };
  const found = clausesOf(text.slice(0, MAX_LENGTH)).map(readClause);
  const plain = found.find((one) => one?.kind === 'opt_out');
  const isLong = text.length > MAX_LENGTH || whole.split(' ').length > MANY_WORDS;
  if (plain?.kind === 'opt_out' && isLong) return { kind: 'doubtful', why: 'long_text' };
  return plain ?? found.find((one) => one !== undefined);
}

const AMBIGUOUS_TAPS: ReadonlySet<string> = new Set(['cancelar', 'cancel', 'cancela', 'end', 'quit', 'alto', 'detener', 'parar']);

function meaningOf({ meaning, scope }: OwnPhrase): Asked | undefined {
  if (meaning === 'not_opt_out') return undefined;
  return meaning === 'opt_out' ? { kind: 'opt_out', scope } : { kind: 'doubtful', why: 'own_phrase' };
}

function ownMeaning(whole: string, own: readonly OwnPhrase[]): OwnPhrase | undefined {
  return (
    own.find(({ part, phrase }) => part === 'whole' && phrase === whole) ??
    own.find(({ part, phrase }) => part === 'anywhere' && ` ${whole} `.includes(` ${phrase} `))
  );
}

const BETWEEN_CLAUSES = /[.,;:!?¡¿()\n\r…]+|\s[-–—]+\s/;

function clausesOf(text: string): string[] {
  return text
    .split(BETWEEN_CLAUSES)
    .map((clause) => withoutPoliteness(fold(clause)))
    .filter((clause) => clause !== '');
}

/** Words that alone are a request, also when more is said before or after them. */
const ALONE: ReadonlySet<string> = new Set(
  'baja|stop|stop it|unsubscribe|basta|parem|paren|desuscribir|descadastrar|no mas|ya no mas|chega|dejen de molestar'.split('|'),
);

function readClause(clause: string): Asked | undefined {
  if (ALONE.has(clause)) return { kind: 'opt_out', scope: 'all' };
  const padded = ` ${clause} `;
  const isOther = OTHER.some((pattern) => pattern.test(padded));
  const asks = REFUSALS.some((pattern) => pattern.test(padded)) || WISHES.some((pattern) => isPlainWish(pattern, padded));
  if (asks) return isOther ? { kind: 'doubtful', why: 'about_something_else' } : { kind: 'opt_out', scope: scopeOf(clause) };
  return !isOther && MAY_MEAN_IT.some((pattern) => pattern.test(padded)) ? { kind: 'doubtful', why: 'unclear' } : undefined;
}

function isPlainWish(pattern: RegExp, padded: string): boolean {
  const match = pattern.exec(padded);
  return match !== null && !NEGATED.test(padded.slice(0, match.index));
}

const ABOUT_MARKETING =
  /(?:^| )(?:promo[a-z]*|publicidad[a-z]*|publicidade|propagandas?|ofertas?|offers?|marketing|ads?|advert[a-z]*|anuncios?)(?= |$)/;
const ABOUT_ALL =
  /(?:^| )(?:mensa[a-z]*|msjs?|msgs?|messag[a-z]*|texts?|texting|sms|lista|list|numero|number|datos|dados|data|contact[a-z]*|contat[a-z]*|base|baja|nada|nothing|tudo|todo|all|everything|escrib[a-z]*)(?= |$)/;

function scopeOf(clause: string): 'all' | 'marketing' {
  return ABOUT_MARKETING.test(clause) && !ABOUT_ALL.test(clause) ? 'marketing' : 'all';
}

function withoutPoliteness(folded: string): string {
  const long = ` ${folded.replace(/(.)\1{2,}/gu, '$1')} `.replace(HURRIED, (_, short: string) => SHORTHAND[short] ?? short);
  return long.replace(POLITENESS, '').trim();
}

/** The longest first, so that "no gracias" goes before "gracias". */
const HURRIED = anyOf(Object.keys(SHORTHAND), '(?<= )', '(?= )', true);
const POLITENESS = anyOf(POLITE, ' ', '(?= )', false);
const NEGATED = new RegExp(`(?:^| )(?:${NEGATION.words})(?: (?:${NEGATION.between}))*$`);

function anyOf(words: readonly string[], before: string, after: string, capture: boolean): RegExp {
  const alternatives = [...words].sort((a, b) => b.length - a.length).join('|');
  return new RegExp(`${before}(${capture ? '' : '?:'}${alternatives})${after}`, 'g');
}

function compileAll(which: 'wish' | 'refusal' | 'doubt' | 'other'): RegExp[] {
  return Object.values(LANGUAGES).flatMap((language) => language[which].map((phrase) => compile(phrase, language)));
}

/** A row of words as a pattern over a clause that begins and ends with a blank. */
function compile(phrase: string, { classes }: Language): RegExp {
  const source = phrase.split(' ').map((token) => {
    if (token === '..') return '(?: [^ ]+){0,3}';
    const optional = token.endsWith('?');
    const alternatives = (optional ? token.slice(0, -1) : token)
      .replace(/\{(\w+)\}/g, (_, name: string) => classes[name] ?? '')
      .split('|');
    const words = alternatives.filter((word) => word !== '$').map((word) => word.replace('*', '[^ ]*'));
    const word = words.length === 0 ? '' : ` (?:${words.join('|')})(?= )`;
    const one = words.length === alternatives.length ? word : `(?:(?= $)${word === '' ? '' : `|${word}`})`;
    return optional ? `(?:${one})?` : one;
  });
  return new RegExp(source.join(''));
}

const WISHES = compileAll('wish');
const REFUSALS = compileAll('refusal');
const MAY_MEAN_IT = compileAll('doubt');
const OTHER = compileAll('other');
