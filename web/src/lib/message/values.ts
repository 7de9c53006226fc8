/** How a value that was put into a text is marked, so that it can be shown as one: by characters no text has. */
export const OPEN = '\uE001';
export const CLOSE = '\uE002';
export const MISSING = '\uE003';

const PRIVATE = /[\uE001-\uE003]/gu;

/** Fills `{{1}}` and `{{name}}`: with a value, or with the words for a missing one. */
export function fillIn(text: string, valueOf: (name: string) => string | undefined, missing: (name: string) => string): string {
  return text.replaceAll(PRIVATE, '').replace(/\{\{\s*([\p{L}\p{N}_]+)\s*\}\}/gu, (_whole, name: string) => {
    const value = valueOf(name);
    return value === undefined || value === '' ? `${OPEN}${MISSING}${missing(name)}${CLOSE}` : `${OPEN}${value}${CLOSE}`;
  });
}
