/** Almost every cell of a real list is plain: one test, and no copy. */
const SUSPECT = /^\s|\s$| {4}|[^\x20-\x7e\u00a1-\u02ff\u1e00-\u1eff]/;
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff]/g;
const RUN = /[\s\u0085]+/g;
const BREAK = /[\t-\r\u0085\u2028\u2029]/;

/**
 * A cell as Meta takes it as a parameter: no line break, no tab, no run of more than four spaces (cloud-api.md §1.3, error
 * 132018), and nothing a database or a phone would stumble over. `changed` so that it is said, never done in silence.
 */
export function normaliseCell(text: string): { value: string; changed: boolean } {
  if (!SUSPECT.test(text)) return { value: text, changed: false };
  const value = text.normalize('NFC').replace(CONTROL, '').replace(RUN, collapse).trim();
  return { value, changed: value !== text };
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
