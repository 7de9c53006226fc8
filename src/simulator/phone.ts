/** `to` as Meta takes it: spaces, dashes, dots and parentheses are ignored; no plus may mean the sender's own country. */
export function digitsOf(to: string, ownDigits: string): string | undefined {
  if (/^\+\d{5,15}$/.test(to)) return to.slice(1);
  const bare = to.replaceAll(/[\s().-]/g, '');
  const match = /^(\+?)(\d{5,15})$/.exec(bare);
  if (match === null) return undefined;
  const digits = match[2] ?? '';
  if (match[1] === '+' || digits.length > 10) return digits;
  return `${ownDigits.slice(0, ownDigits.length - 10)}${digits}`;
}

/**
 * The id WhatsApp gives back: Brazil drops the ninth digit, Mexico and Argentina the one after the country (docs/meta.md, Numbers of
 * people and user ids).
 */
export function quirkyWaId(digits: string): string {
  const brazil = /^55(\d\d)9(\d{8})$/.exec(digits);
  if (brazil !== null && Number(brazil[1]) > 30) return `55${brazil[1] ?? ''}${brazil[2] ?? ''}`;
  if (/^52\d{10}$/.test(digits)) return `521${digits.slice(2)}`;
  if (/^54\d{10}$/.test(digits)) return `549${digits.slice(2)}`;
  return digits;
}
