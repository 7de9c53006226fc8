import {
  type CountryCode,
  type PhoneNumber,
  type PhoneNumberType,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import type { Sentence } from '../words/sentence.ts';
import type { ColumnShape } from './column-shape.ts';
import { type PhoneFault, phoneFault } from './faults.ts';
import { isReservedForMobiles, type MobilePlan, planOfCountry, planOfDigits, SHORTEST } from './numbering-plan.ts';
import { renumbered, renumberedBeginning } from './renumbered.ts';

export interface Phone {
  readonly ok: true;
  /** E.164, as it is dialled. */
  readonly phone: string;
  readonly digits: number;
  /** The canonical key of the human behind it, see `personKey`. */
  readonly person: number;
  /** Undefined for numbers that belong to no country, such as +800. */
  readonly country: CountryCode | undefined;
  /** Where the number is of a kind that seldom has WhatsApp. */
  readonly kind?: PhoneKind;
  /** It was written as in an earlier numbering plan of its country. */
  readonly isOld?: true;
}

export type PhoneKind = 'landline' | 'toll_free' | 'premium';

export interface NoPhone {
  readonly ok: false;
  readonly code: PhoneFault;
  readonly message: Sentence;
}

const FULL = /^\+[1-9]\d{7,14}$/;
const PLAIN = /^\d{7,15}$/;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Longer cells hold something else; looked at before any pattern is tried on them. */
const MAX_CELL = 200;
const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d*)?e[+-]?\d+$/i;
const WHOLE_SCIENTIFIC = /^\+?(\d)[.,](\d{6,14})e\+?(\d{1,2})$/i;
/** What people and programs put in front of a number: a link to a chat, the scheme of an address, the word for a phone. */
const LINK =
  /^(?:https?:\/\/)?(?:www\.)?(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?(?:[^#]*&)?phone=)(?:\+|%2b)?(\d{7,15})(?:[/?&#].*)?$/i;
const CHAT_ID = /^\+?(\d{7,15})(?::\d{1,3})?@(?:c\.us|s\.whatsapp\.net)$/i;
const SCHEME = /^(?:tel|whatsapp|callto|sms):(?:\/\/)?/i;
const LABEL =
  /^(?:tel[eé]fono|tel[eé]f|telf|tel|celular|cel|m[oó]vil|mov|mobile|mob|phone|ph|whats\s?app|wsp|wa|fono|cell|n[uú]mero|n[uú]m|nro)\s?[.:#-]{0,2}\s?(?=[+(\d])/i;
const DECIMAL = /^(\+?\d{6,})[.,]0{1,3}$/;
const THOUSANDS = /^\+?\d{1,3}(?:,\d{3})+$/;
const BETWEEN_NUMBERS = /[/;|,\n\r\t&]|\s(?:y|e|o|u|and|or)\s|\+/i;
const ALLOWED = /^\(?\+?[\d\s().\-\u2010-\u2015\u2212_]+$/;
const MAX_DIGITS = 15;

/**
 * Reads a phone number as people write it. `defaultCountry` (ISO, "CO") serves numbers without a country: what is a valid
 * number there is one there; what is not is read as an international number that lost its +, unless it has just the length of
 * a mobile of that country: then it is a mistyped one, and nobody abroad gets the message meant for its owner.
 * `shape` tells what the whole column shows (column-shape.ts).
 */
export function parsePhone(text: string, defaultCountry?: string, shape: ColumnShape = 'as_written'): Phone | NoPhone {
  if (text.length > MAX_CELL) return no('phone_cell_too_long');
  if (FULL.test(text)) return readInternational(text.slice(1));
  const plain = PLAIN.test(text);
  const tidy = plain ? text : unwrapped(tidied(text));
  const fault = plain ? undefined : faultOfText(tidy);
  if (fault !== undefined) return no(fault);
  const number = DECIMAL.exec(tidy)?.[1] ?? tidy;
  const international = number.includes('+');
  const digits = (international ? number.replace(/\(0\)/, '') : number).replace(/\D/g, '');
  if (international || digits.startsWith('00')) return readInternational(digits.replace(/^0+/, ''));
  if (digits.length > MAX_DIGITS) return no(looksLikeSeveral(number) ? 'phone_several' : 'phone_too_long');
  if (defaultCountry === undefined) return readWithoutCountry(digits);
  return (shape === 'international' ? exactly(digits) : undefined) ?? readNational(digits, defaultCountry);
}

/**
 * One human is one key, however the number is spelt: Meta itself answers with the other spelling (docs/meta.md, Numbers of people and user ids).
 * Brazilian mobiles have a ninth digit that old lists lack, Mexico dropped the 1 after 52, Argentina writes 54 or 549; other
 * countries gave all numbers a new form (renumbered.ts).
 */
export function personKey(digits: number): number {
  const text = modernSpelling(String(digits));
  return Number(text.length === 13 && text.startsWith('549') ? `54${text.slice(3)}` : text);
}

/** How the keys begin of those whose number begins with these digits, in any of the spellings above. */
export function keyBeginnings(digits: string): string[] {
  if (/^(?:549|521)/.test(digits)) return [digits, `${digits.slice(0, 2)}${digits.slice(3)}`];
  if (/^55\d\d[6-9]/.test(digits)) return [digits, `${digits.slice(0, 4)}9${digits.slice(4)}`];
  const modern = renumberedBeginning(digits);
  return modern === undefined ? [digits] : [digits, modern];
}

/** Spellings that were valid once, are still found in every old list, and are not in today's numbering plan. */
function modernSpelling(digits: string): string {
  if (digits.length === 13 && digits.startsWith('521')) return `52${digits.slice(3)}`;
  if (digits.length === 12 && digits.startsWith('55') && /^[6-9]/.test(digits.slice(4)))
    return `${digits.slice(0, 4)}9${digits.slice(4)}`;
  return renumbered(digits);
}

function tidied(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .trim()
    .replace(/^['’‘`´"]+\s*/, '');
}

/** The number alone, out of the forms in which other programs and people write it. */
function unwrapped(text: string): string {
  const international = LINK.exec(text)?.[1] ?? CHAT_ID.exec(text)?.[1];
  if (international !== undefined) return `+${international}`;
  const number = text.replace(SCHEME, '').replace(LABEL, '');
  const [, first = '', rest = '', exponent = ''] = WHOLE_SCIENTIFIC.exec(number) ?? [];
  return first !== '' && rest.length === Number(exponent) ? first + rest : number;
}

function faultOfText(text: string): PhoneFault | undefined {
  if (text === '') return 'phone_empty';
  if (SCIENTIFIC.test(text)) return 'phone_rounded_by_excel';
  if (looksLikeSeveral(text)) return 'phone_several';
  if (/\p{L}/u.test(text)) return 'phone_letters';
  if (!/\d/.test(text)) return 'phone_empty';
  if (ALLOWED.test(text) || THOUSANDS.test(text) || DECIMAL.test(text)) return undefined;
  return 'phone_symbols';
}

function looksLikeSeveral(text: string): boolean {
  const long = (parts: string[]): boolean => parts.filter((part) => part.replace(/\D/g, '').length >= 7).length > 1;
  return long(text.split(BETWEEN_NUMBERS)) || (text.replace(/\D/g, '').length > MAX_DIGITS && long(text.split(/\s+/)));
}

function readInternational(written: string): Phone | NoPhone {
  const digits = modernSpelling(written);
  const isOld = digits !== written;
  const plan = planOfDigits(digits);
  if (plan !== undefined) {
    const national = digits.slice(plan.callingCode.length);
    if (plan.isMobile(national) || isReservedForMobiles(plan.country, national))
      return yes(digits, { country: plan.country, isOld });
  }
  if (digits.length < SHORTEST) return no(faultOfLength(`+${digits}`));
  const parsed =
    plan?.mayBeNumber(digits.slice(plan.callingCode.length)) === false ? undefined : parsePhoneNumberFromString(`+${digits}`);
  if (parsed?.isValid() === true) return found(parsed, isOld);
  // "+49 0151 …", "+57 03 300 …": what is dialled only within the country was left standing behind its code. Colombia's 3 without
  // its 0, which a spreadsheet drops from a national number, is no such thing here: one digit too many is a slip of the hand.
  const national = plan === undefined ? '' : digits.slice(plan.callingCode.length);
  const behind = plan !== undefined && national.startsWith('0') ? mobileBehindTrunk(national, plan) : undefined;
  return behind ?? no(faultOfLength(`+${digits}`));
}

function mobileBehindTrunk(national: string, plan: MobilePlan): Phone | undefined {
  const { country, callingCode } = plan;
  const bare = withoutTrunk(national, country);
  return bare !== national && plan.isMobile(bare) ? yes(callingCode + bare, { country }) : undefined;
}

/** What used to be dialled in front of a mobile number within its country: Mexico 044, 045 and 01, Colombia 03, elsewhere 0. */
function withoutTrunk(national: string, country: CountryCode): string {
  if (country === 'MX') return national.replace(/^(?:04[45]|01)(?=\d{10}$)/, '');
  if (country === 'CO') return national.replace(/^0?3?(?=3\d{9}$)/, '');
  return national.replace(/^0/, '');
}

function found(parsed: PhoneNumber, isOld = false): Phone {
  return yes(parsed.number.slice(1), { country: parsed.country, type: parsed.getType(), isOld });
}

/** Nobody said which country: only a number that is complete and valid as it stands, and too long to be a national one. */
function readWithoutCountry(digits: string): Phone | NoPhone {
  if (digits.length < 7) return no('phone_too_short');
  return (digits.length > 10 ? exactly(digits) : undefined) ?? no('phone_without_country');
}

function readNational(digits: string, defaultCountry: string): Phone | NoPhone {
  const plan = planOfCountry(defaultCountry.toUpperCase());
  if (plan === undefined) return readWithoutCountry(digits);
  const { country, callingCode } = plan;
  if (plan.isMobile(digits) || isReservedForMobiles(country, digits)) return yes(callingCode + digits, { country });
  // Where numbers have many lengths (Germany, Austria, Italy) a mobile with its country code is also a landline somewhere.
  if (digits.startsWith(callingCode) && plan.isMobile(digits.slice(callingCode.length))) return yes(digits, { country });
  const national = plan.mayBeNumber(digits) ? parsePhoneNumberFromString(digits, country) : undefined;
  if (national?.isValid() === true) return found(national);
  const behind = mobileBehindTrunk(digits, plan);
  if (behind !== undefined) return behind;
  const full = plan.callingCode + digits;
  const modern = modernSpelling(full) === full ? undefined : exactly(full);
  const mayBeForeign = digits.length >= SHORTEST && (digits.startsWith(plan.callingCode) || !plan.lengths.has(digits.length));
  return modern ?? (mayBeForeign ? exactly(digits) : undefined) ?? no(faultOfLength(digits, plan.country));
}

/** The digits as an international number, without help: nothing stripped, nothing guessed. */
function exactly(digits: string): Phone | undefined {
  const read = readInternational(digits);
  return read.ok && read.phone === `+${modernSpelling(digits)}` ? read : undefined;
}

function faultOfLength(number: string, country?: CountryCode): PhoneFault {
  switch (validatePhoneNumberLength(number, country)) {
    case 'INVALID_COUNTRY':
      return 'phone_unknown_country';
    case 'TOO_SHORT':
      return 'phone_too_short';
    case 'TOO_LONG':
      return 'phone_too_long';
    case 'NOT_A_NUMBER':
      return number.replace(/\D/g, '').length > MAX_DIGITS ? 'phone_too_long' : 'phone_too_short';
    default:
      return 'phone_invalid';
  }
}

const KINDS: Readonly<Partial<Record<PhoneNumberType, PhoneKind>>> = {
  FIXED_LINE: 'landline',
  TOLL_FREE: 'toll_free',
  PREMIUM_RATE: 'premium',
  SHARED_COST: 'premium',
};

function yes(
  digits: string,
  facts: { readonly country: CountryCode | undefined; readonly type?: PhoneNumberType | undefined; readonly isOld?: boolean },
): Phone {
  const number = Number(digits);
  const kind = facts.type === undefined ? undefined : KINDS[facts.type];
  return {
    ok: true,
    phone: `+${digits}`,
    digits: number,
    person: personKey(number),
    country: facts.country,
    ...(kind === undefined ? {} : { kind }),
    ...(facts.isOld === true ? { isOld: true as const } : {}),
  };
}

function no(code: PhoneFault): NoPhone {
  return { ok: false, code, message: phoneFault(code) };
}

export function phoneText(digits: number): string {
  return `+${String(digits)}`;
}
