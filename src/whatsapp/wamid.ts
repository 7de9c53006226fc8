/**
 * Whose message a wamid names: its first part is the number of the other side, as WhatsApp writes it. Undefined for ids made in
 * another way, as those of people behind a username.
 */
export function digitsInWamid(wamid: string): number | undefined {
  if (!wamid.startsWith('wamid.') || wamid.length > 400) return undefined;
  const text = Buffer.from(wamid.slice(6), 'base64').toString('latin1');
  const length = text.charCodeAt(2);
  const digits = text.slice(3, 3 + length);
  return text.startsWith('\x1c\x18') && /^\d{5,15}$/.test(digits) && digits.length === length ? Number(digits) : undefined;
}
