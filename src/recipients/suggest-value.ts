import { parsePhone } from '../lib/phone/parse.ts';

/** Between two numbers in one cell. */
const BETWEEN = /[/;|,\n\r\t]|\s(?:y|e|o|u|and|or|:{2,})\s/i;
const LONGEST = 200;

/** A value that would be accepted in place of a refused one, where there is one that needs no guessing. */
export function suggestionFor(
  row: { readonly code: string; readonly value: string | null },
  defaultCountry: string | undefined,
): string | undefined {
  const { code, value } = row;
  if (code !== 'phone_several' || value === null || value.length > LONGEST) return undefined;
  for (const part of value.split(BETWEEN)) {
    const phone = parsePhone(part, defaultCountry);
    if (phone.ok) return phone.phone;
  }
  return undefined;
}
