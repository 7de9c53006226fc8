/** Money without floating point: whole millionths of a currency, read from what people and Meta write digit by digit. */

const DIGITS = /^(\d{1,9})(?:\.(\d+))?$/;

/** `0.0125` is 12,500; a seventh decimal is rounded half up. Undefined for everything that is no amount of up to nine digits. */
export function microsOf(text: string): number | undefined {
  const match = DIGITS.exec(text);
  if (match === null) return undefined;
  const decimals = (match[2] ?? '').padEnd(7, '0');
  return Number(match[1]) * 1_000_000 + Number(decimals.slice(0, 6)) + (decimals.charCodeAt(6) >= 53 ? 1 : 0);
}

/** An amount as JSON carries it: the digits it was written with, not the nearest binary fraction. */
export function microsOfNumber(amount: number): number | undefined {
  // The shortest text that reads back as this number; very small ones come with an exponent.
  return microsOf(String(amount).includes('e') ? amount.toFixed(9) : String(amount));
}

/** `12500` is `0.0125`: exact, at least two decimals. */
export function decimalOf(micros: number): string {
  const sign = micros < 0 ? '-' : '';
  const digits = String(Math.abs(micros)).padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0{1,4}$/, '');
  return `${sign}${digits.slice(0, -6)}.${decimals}`;
}

/** Which limit the next message would pass; 'currency' is one that cannot be compared. */
export type SpendingCap = 'campaign' | 'month' | 'abroad' | 'currency';
