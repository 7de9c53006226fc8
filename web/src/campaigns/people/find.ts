/** What somebody looks for among the people of a campaign: a row of the file, a number, or words of the row. */
export type Find = { readonly row: number } | { readonly phone: string } | { readonly text: string };

/** The longest row number there is; a phone with its country has more digits. */
const MOST_ROW_DIGITS = 7;

export function readFind(text: string): Find | undefined {
  const said = text.trim();
  if (said === '') return undefined;
  if (!/^[+#]?[\d\s().-]+$/.test(said)) return said.length < 2 ? undefined : { text: said };
  const digits = said.replace(/\D/g, '');
  if (digits === '') return undefined;
  if (said.startsWith('#') || (!said.startsWith('+') && digits.length <= MOST_ROW_DIGITS))
    return { row: Math.max(1, Number(digits)) };
  return digits.length < 3 ? undefined : { phone: said };
}
