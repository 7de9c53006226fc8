import { planOfCountry, planOfDigits } from './numbering-plan.ts';

/**
 * What all numbers of a column together show. One number without + may be read as national or as international with its + lost;
 * fifty that all begin with 49 and have the length of German mobiles may not.
 *
 * `as_written`: nothing special, each is read for itself. `international`: they carry their country code. `ambiguous`: both
 * readings fit nearly all of them.
 */
export type ColumnShape = 'as_written' | 'international' | 'ambiguous';

const ENOUGH = 0.9;
/** Fewer prove nothing. */
const FEW = 3;
const LOOKED_AT = 200;
const PLAIN = /^[\d\s().\-]{7,30}$/;

export function shapeOfColumn(cells: readonly string[], defaultCountry: string | undefined): ColumnShape {
  const plan = defaultCountry === undefined ? undefined : planOfCountry(defaultCountry.toUpperCase());
  if (plan === undefined) return 'as_written';
  let seen = 0;
  let national = 0;
  let foreign = 0;
  const codes = new Map<string, number>();
  for (const cell of cells) {
    const text = cell.trim();
    if (seen >= LOOKED_AT) break;
    if (text.length > 30 || !PLAIN.test(text)) continue;
    const digits = text.replace(/\D/g, '');
    // Said already: 00 is an international number, a 0 alone a national one.
    if (digits.startsWith('0')) {
      if (!digits.startsWith('00')) return 'as_written';
      continue;
    }
    seen++;
    if (plan.isMobile(digits)) national++;
    const other = planOfDigits(digits);
    if (other?.isMobile(digits.slice(other.callingCode.length)) === true) {
      foreign++;
      codes.set(other.callingCode, (codes.get(other.callingCode) ?? 0) + 1);
    }
  }
  const [code, often] = [...codes].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  // Numbers with the code of the list's own country are told one by one.
  if (seen < FEW || foreign < seen * ENOUGH || often < seen * ENOUGH || code === plan.callingCode) return 'as_written';
  if (national >= seen * ENOUGH) return 'ambiguous';
  return national <= seen * (1 - ENOUGH) ? 'international' : 'as_written';
}
