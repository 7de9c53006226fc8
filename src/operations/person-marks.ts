/** How one person can be recognised in a text: by the number in any spelling, by WhatsApp's ids, by the words of their own rows. */
import { nationalDigits } from '../lib/phone/numbering-plan.ts';
import { personKey } from '../lib/phone/parse.ts';
import { digitsInWamid } from '../whatsapp/wamid.ts';

export interface PersonMarks {
  /** What every spelling of the number ends with: enough to look for candidates. */
  readonly tail: string;
  /** The text names them: the whole number, an id of theirs or of a message to them. */
  readonly names: (text: string) => boolean;
  /** A cell of a list holds them; there the number may lack its country. */
  readonly inCell: (text: string) => boolean;
  /** One of their own words, and nothing else. */
  readonly isWord: (text: string) => boolean;
  readonly words: readonly string[];
}

export interface Person {
  readonly person: number;
  readonly phones: readonly number[];
  readonly userIds: readonly string[];
  readonly words: readonly string[];
}

/** Renumberings and ninth digits change what stands before. */
const TAIL = 6;
const CELL_TAIL = 8;
/** A digit, and what stands between the digits of one number. */
const NUMBER = /\d[\d\s().\-]*\d/g;
const MIN_WORD = 3;

export function marksOf({ person, phones, userIds, words }: Person): PersonMarks {
  const whole = [...new Set([person, ...phones].map(String))];
  const national = [...new Set(whole.map(nationalDigits))];
  const key = String(person);
  const own = new Set(words.map((word) => word.trim()).filter((word) => word.length >= MIN_WORD && /\D/.test(word)));
  const names = (text: string): boolean => {
    if (userIds.some((id) => text.includes(id))) return true;
    const sentTo = digitsInWamid(text);
    if (sentTo !== undefined && personKey(sentTo) === person) return true;
    return (text.match(NUMBER) ?? []).some((written) => {
      const digits = written.replace(/\D/g, '');
      if (whole.some((number) => digits.includes(number)) || national.includes(digits.replace(/^0/, ''))) return true;
      return digits.length <= 15 && personKey(Number(digits.replace(/^00/, ''))) === person;
    });
  };
  const ends = [...national, ...(key.length > CELL_TAIL + 2 ? [key.slice(-CELL_TAIL)] : [])];
  return {
    tail: key.slice(-TAIL),
    names,
    inCell: (text) => {
      if (names(text)) return true;
      const digits = text.replace(/\D/g, '');
      return ends.some((end) => digits.includes(end));
    },
    isWord: (text) => own.has(text.trim()),
    words: [...own],
  };
}
