/**
 * Meta refuses newlines, tabs and runs of more than four spaces in a parameter (132018, docs/meta.md, Parameters): each becomes one
 * space. Also trimmed, composed (NFC), and freed of NUL and half surrogates, which neither PostgreSQL's jsonb nor UTF-8 can hold.
 */
export function normaliseValue(text: string): { readonly value: string; readonly changed: boolean } {
  if (isPlain(text)) return { value: text, changed: false };
  // Whoever sees nothing got no value.
  if (NOTHING_VISIBLE.test(text)) return { value: '', changed: text !== '' };
  const value = text
    .replace(HALF_SURROGATES, '\uFFFD')
    .replace(NUL, '')
    .normalize('NFC')
    .replace(SPACES, (run) => (run.length > 4 || FORBIDDEN.test(run) ? ' ' : run))
    .trim();
  return { value, changed: value !== text };
}

const NOTHING_VISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\s]*$/u;
const HALF_SURROGATES = /\p{Surrogate}/gu;
const NUL = /\u0000/g;
/** White space and the control characters which Meta counts, or may count, as such. */
const SPACES = /[\s\u0001-\u001F\u007F-\u009F]+/g;
const FORBIDDEN = /[\u0001-\u001F\u007F-\u009F\u2028\u2029]/;

/** The everyday value, recognised in one pass without a regular expression: Latin letters, single spaces, nothing to trim. */
function isPlain(text: string): boolean {
  let spaces = 0;
  const last = text.length - 1;
  for (let i = 0; i <= last; i++) {
    const code = text.charCodeAt(i);
    if (code === 32) {
      if (i === 0 || i === last || ++spaces > 4) return false;
      continue;
    }
    spaces = 0;
    // Below U+0300 every character is already composed; U+007F–U+00A0 are controls and the no-break space.
    if (code < 32 || code > 0x2ff || (code > 0x7e && code < 0xa1)) return false;
  }
  return true;
}
