import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Encodings of one byte a letter that lists come in, the most likely first, by the names iconv-lite knows. */
const CANDIDATES = { 'windows-1252': 'win1252', macintosh: 'macintosh', cp850: 'cp850' } as const;

type ByteEncoding = keyof typeof CANDIDATES | 'gb18030';

/** Letters beyond ASCII by how often the languages of the lists use them. */
const OFTEN = new Set('áéíóúñÁÉÍÓÚÑ');
const SOMETIMES = new Set('àâãäçèêëîïôõöùûüßÀÂÃÄÇÈÊËÎÏÔÕÖÙÛÜ');
/** What stands in such texts and is no letter. */
const SIGNS = new Set('¿¡ºª°€“”‘’–—…«»·\u00a0');

/** Which encoding makes most sense of these bytes, which are not UTF-8. */
export function guessByteEncoding(bytes: Buffer): ByteEncoding {
  if (looksChinese(bytes)) return 'gb18030';
  let best: { encoding: ByteEncoding; score: number } | undefined;
  for (const [encoding, name] of Object.entries(CANDIDATES) as [keyof typeof CANDIDATES, string][]) {
    const score = sense(iconv.decode(bytes, name));
    if (score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { encoding, score };
  }
  return best?.encoding ?? 'windows-1252';
}

/** Letters where letters belong count for a reading, signs within words and capitals after small letters against it. */
function sense(text: string): number {
  let score = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char <= '\u007f') continue;
    const before = text[at - 1] ?? '';
    const after = text[at + 1] ?? '';
    if (SIGNS.has(char)) score -= isLetter(before) && isLetter(after) && char !== '’' ? 2 : 0;
    else if (!isLetter(char)) score -= 2;
    else if (!fits(char, before, after)) score -= 1;
    else score += OFTEN.has(char) ? 4 : SOMETIMES.has(char) ? 2 : 0;
  }
  return score;
}

function fits(char: string, before: string, after: string): boolean {
  const small = isSmall(char);
  if (small) return !(isCapital(before) && isCapital(after)) && !(isCapital(after) && !isSmall(before));
  return !isSmall(before);
}

function isLetter(char: string): boolean {
  return char.toLowerCase() !== char.toUpperCase() || char === 'ß' || char === 'ª' || char === 'º';
}

function isSmall(char: string): boolean {
  return char === 'ß' || (char !== '' && char === char.toLowerCase() && char !== char.toUpperCase());
}

function isCapital(char: string): boolean {
  return char !== '' && char === char.toUpperCase() && char !== char.toLowerCase();
}

/** Chinese comes in pairs of bytes, several in a row; accents of western languages stand alone. */
function looksChinese(bytes: Buffer): boolean {
  let high = 0;
  let alone = 0;
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    high++;
    if ((bytes[at - 1] ?? 0) < 0x80 && (bytes[at + 1] ?? 0) < 0x80) alone++;
  }
  if (high < 8 || alone > high / 10) return false;
  const text = iconv.decode(bytes, 'gb18030');
  let chinese = 0;
  let other = 0;
  for (const char of text) {
    if (char <= '\u007f') continue;
    if (/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/.test(char)) chinese++;
    else other++;
  }
  return chinese > 4 && other * 20 <= chinese;
}

/**
 * UTF-8 that was taken for Windows-1252 and written as UTF-8 once more ("PeÃ±a"): true when reading it back loses every such pair. One
 * sound letter beyond ASCII is enough to say no.
 */
export function isTwiceUtf8(text: string): boolean {
  if (!/[ÂÃâÄÅ][\u0080-\uffff]/.test(text)) return false;
  const once = bytesOfText(text);
  if (once === undefined) return false;
  // The piece that is looked at may end within a letter.
  return [0, 1, 2, 3].some((cut) => isUtf8(once.subarray(0, once.length - cut)));
}

/** The bytes a text had in Windows-1252; undefined when one of its letters is not in there. */
export function bytesOfText(text: string): Buffer | undefined {
  const bytes = iconv.encode(text, 'win1252');
  if (bytes.length !== text.length) return undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // The five places Windows-1252 leaves empty are written as they are.
    if (code >= 0x80 && code <= 0x9f) bytes[at] = code;
    else if (code === 0xfffd || (bytes[at] === 0x3f && code !== 0x3f)) return undefined;
  }
  return bytes;
}
