/**
 * What people and Meta write may hold what PostgreSQL does not: NUL characters, and halves of surrogate pairs in JSON. One odd
 * character must not make a message unstorable, so it becomes U+FFFD.
 */
const ODD_ESCAPES = /\\\\|\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/g;

/** JSON text that jsonb accepts. `JSON.stringify` writes NUL and lone surrogates, and nothing else of the kind, as lower-case escapes. */
export function jsonbText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u') ? text.replace(ODD_ESCAPES, (match) => (match === '\\\\' ? match : '\ufffd')) : text;
}

/** Text that a text column accepts. */
export function plainText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
