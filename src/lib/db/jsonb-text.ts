/** What jsonb does not hold: NUL, and halves of surrogate pairs. An escaped backslash is matched first, so that it is never taken for the start of an escape. */
const ODD_ESCAPES = /\\\\|\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/g;

/** JSON text that jsonb accepts. `JSON.stringify` writes NUL and lone surrogates, and nothing else of the kind, as lower-case escapes. */
export function jsonbText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u') ? text.replace(ODD_ESCAPES, (match) => (match === '\\\\' ? match : '\ufffd')) : text;
}
