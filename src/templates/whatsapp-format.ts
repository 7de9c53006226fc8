/** A stretch of text in one style. Line breaks stay in the text. */
export interface FormattedSegment {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
  readonly strike?: true;
  readonly mono?: true;
}

type Style = Omit<FormattedSegment, 'text'>;

const MARKS: readonly { readonly mark: string; readonly style: Style; readonly literal: boolean }[] = [
  { mark: '```', style: { mono: true }, literal: true },
  { mark: '`', style: { mono: true }, literal: true },
  { mark: '*', style: { bold: true }, literal: false },
  { mark: '_', style: { italic: true }, literal: false },
  { mark: '~', style: { strike: true }, literal: false },
];

/**
 * WhatsApp's marks: *bold*, _italic_, ~strike~, ```mono```, `mono`. A mark opens after a non-word character and before text, and
 * closes before a non-word character in the same line (```mono``` may span lines), so that 2*3*4 and snake_case stay as they
 * are. Styles nest, but mono text is taken as it is. The texts of the segments joined are the text without the marks that worked.
 */
export function formatWhatsApp(text: string): FormattedSegment[] {
  const segments: FormattedSegment[] = [];
  formatInto(segments, text, {});
  return segments;
}

function formatInto(segments: FormattedSegment[], text: string, style: Style): void {
  let plain = 0;
  let i = 0;
  while (i < text.length) {
    const found = openingAt(text, i);
    if (found === undefined) {
      i++;
      continue;
    }
    push(segments, text.slice(plain, i), style);
    const inner = text.slice(i + found.mark.length, found.close);
    const styled = { ...style, ...found.style };
    if (found.literal) push(segments, inner, styled);
    else formatInto(segments, inner, styled);
    i = found.close + found.mark.length;
    plain = i;
  }
  push(segments, text.slice(plain), style);
}

function openingAt(text: string, at: number): { mark: string; style: Style; literal: boolean; close: number } | undefined {
  for (const entry of MARKS) {
    const { mark } = entry;
    if (!text.startsWith(mark, at) || isWord(text[at - 1])) continue;
    const close = closingOf(text, at + mark.length, mark);
    if (close !== undefined) return { ...entry, close };
  }
  return undefined;
}

function closingOf(text: string, from: number, mark: string): number | undefined {
  const block = mark === '```';
  const first = text[from];
  if (first === undefined || first === mark || (!block && isSpace(first))) return undefined;
  const line = text.indexOf('\n', from);
  const end = block || line < 0 ? text.length : line;
  for (let at = text.indexOf(mark, from + 1); at >= 0 && at < end; at = text.indexOf(mark, at + 1)) {
    if ((block || !isSpace(text[at - 1])) && !isWord(text[at + mark.length])) return at;
  }
  return undefined;
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{Letter}\p{Number}]/u.test(char);
}

function isSpace(char: string | undefined): boolean {
  return char === undefined || /\s/.test(char);
}

function push(segments: FormattedSegment[], text: string, style: Style): void {
  if (text !== '') segments.push({ text, ...style });
}
