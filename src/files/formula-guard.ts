/**
 * A spreadsheet takes a cell that begins so for a formula and runs it; a quote in front makes it text (OWASP, CSV injection). Excel also
 * splits at the separator of its own region, so that the beginning of a cell may lie within one of ours: the quote goes there as well.
 * Each place gets one quote more than it had, so that the way back is exact.
 */
const MAY_NEED = /[=+\-@\uff0b\uff0d\uff1d\uff20]/;
const OPEN = /(^|[;,|\t\r\n])([ "\u00a0\u0000]*)(?='*[=+\-@\uff0b\uff0d\uff1d\uff20])/g;
const GUARDED = /(^|[;,|\t\r\n])([ "\u00a0\u0000]*)'(?='*[=+\-@\uff0b\uff0d\uff1d\uff20])/g;

export function guardFormulas(cell: string): string {
  return MAY_NEED.test(cell) ? cell.replace(OPEN, "$1$2'") : cell;
}

/** Exactly what `guardFormulas` was given. */
export function withoutGuards(cell: string): string {
  return cell.includes("'") ? cell.replace(GUARDED, '$1$2') : cell;
}
