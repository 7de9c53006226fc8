/** Almost every cell of a real list is plain: one test, and no copy. */
const SUSPECT = /^\s|\s$| {4}|[^\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u1e00-\u1eff]/;
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff]/g;
/** Break opportunities without width and soft hyphens: no eye sees them. The joiners of emoji and Persian are not among them. */
const INVISIBLE = /[\u00ad\u180e\u200b\u2060]/g;
const NOTHING_VISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\s]*$/u;
const RUN = /[\s\u0085]+/g;
const BREAK = /[\t-\r\u0085\u2028\u2029]/;

export interface Cell {
  readonly value: string;
  /** Spaces and line breaks were tidied. */
  readonly changed: boolean;
  /** Characters that nobody sees were taken out. */
  readonly unseen: boolean;
}

/**
 * A cell as Meta takes it as a parameter: no line break, no tab, no run of more than four spaces (error 132018), and nothing a
 * database or a phone would stumble over. What was done is told apart, so that it can be said and never happens in silence.
 */
export function normaliseCell(text: string): Cell {
  if (!SUSPECT.test(text)) return { value: text, changed: false, unseen: false };
  if (NOTHING_VISIBLE.test(text)) return { value: '', changed: text !== '', unseen: text.trim() !== '' };
  const composed = text.normalize('NFC').replace(CONTROL, '');
  const seen = composed.replace(INVISIBLE, '');
  const value = seen.replace(RUN, collapse).trim();
  const unseen = seen.length !== composed.length;
  return { value, changed: value !== (unseen ? seen : text), unseen };
}

/** What Excel and many exports write so that digits stay digits: ="3001234567". The quote in front of it is that of our own exports. */
const TEXT_FORM = /^\s*'?="((?:[^"]|"")*)"\s*$/;

/** The text that is meant, where a cell holds it in Excel's form of a text. */
export function readTextForm(cell: string): string {
  if (!cell.includes('="')) return cell;
  const text = TEXT_FORM.exec(cell)?.[1];
  return text === undefined ? cell : text.replaceAll('""', '"');
}

function collapse(run: string): string {
  return run.length >= 4 || BREAK.test(run) ? ' ' : run;
}

/** What a cell holds that no person would read with sense: left over from another system, or from a spreadsheet that failed. */
export type CellDoubt = 'placeholder_left' | 'markup_left' | 'error_value';

const MAY_BE_DOUBTFUL = /[{<#&%$*[]|^(?:null|none|nan|undefined|n\/a|na|nil)$/i;
const ERROR_VALUE =
  /^(?:#(?:N\/A|N\/D|REF!|¡REF!|VALUE!|¡VALOR!|DIV\/0!|¡DIV\/0!|NAME\?|¿NOMBRE\?|NUM!|¡NUM!|NULL!|¡NULO!|SPILL!|CALC!)|null|none|nan|undefined|n\/a|nil)$/i;
const PLACEHOLDER =
  /\{\{[^{}]{0,80}\}\}|\$\{[^{}]{1,80}\}|\*\|[\w: ]{1,60}\|\*|%[A-Z][A-Z0-9_]{1,40}%|%%[\w ]{1,40}%%|\[\[[^[\]]{1,60}\]\]|<%[^%<>]{1,80}%>|\{%[^%{}]{1,80}%\}|^\{[a-z_]{1,40}\}$/;
const MARKUP =
  /<\/?(?:a|b|br|div|em|font|h[1-6]|hr|i|img|li|ol|p|span|strong|table|td|tr|u|ul)(?:\s[^<>]{0,200})?\/?>|&(?:nbsp|amp|lt|gt|quot|apos|#\d{2,5}|#x[\da-f]{2,5}|[aeiou]acute|ntilde);/i;
/** Longer values are texts: their beginning is looked at. */
const LOOKED_AT = 2_000;

/** @param value a normalised cell. */
export function doubtOf(value: string): CellDoubt | undefined {
  const text = value.length > LOOKED_AT ? value.slice(0, LOOKED_AT) : value;
  if (!MAY_BE_DOUBTFUL.test(text)) return undefined;
  if (text.length <= 12 && ERROR_VALUE.test(text)) return 'error_value';
  if (PLACEHOLDER.test(text)) return 'placeholder_left';
  return MARKUP.test(text) ? 'markup_left' : undefined;
}
