import type { XmlReader } from './xml.ts';

/** How a number in a workbook is shown, as far as it changes what a person means by it. */
export type CellFormat =
  | { readonly kind: 'plain' | 'date' }
  /** Zeros in front: postal codes. */
  | { readonly kind: 'padded'; readonly digits: number }
  | { readonly kind: 'fixed' | 'percent'; readonly decimals: number };

const PLAIN: CellFormat = { kind: 'plain' };
const DATE: CellFormat = { kind: 'date' };

/** Reads the styles of an .xlsx: for each style index the format of its numbers. */
export class StylesReader implements XmlReader {
  readonly formats: CellFormat[] = [];
  readonly #codes = new Map<number, string>();
  #inCells = false;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'numFmt') this.#codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
    else if (name === 'cellXfs') this.#inCells = true;
    else if (name === 'xf' && this.#inCells) {
      const id = Number(attributes['numFmtId'] ?? 0);
      this.formats.push(formatOf(id, this.#codes.get(id)));
    }
  }

  close(name: string): void {
    if (name === 'cellXfs') this.#inCells = false;
  }

  text(): void {
    // Styles say nothing in text.
  }
}

const BUILT_IN: Readonly<Record<number, CellFormat>> = {
  2: { kind: 'fixed', decimals: 2 },
  9: { kind: 'percent', decimals: 0 },
  10: { kind: 'percent', decimals: 2 },
};

export function formatOf(id: number, code: string | undefined): CellFormat {
  if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)) return DATE;
  if (code === undefined || code.length > 200) return BUILT_IN[id] ?? PLAIN;
  const bare = code.replace(/"[^"]*"|\\.|_.|\[[^\]]*\]/g, '').split(';', 1)[0] ?? '';
  if (/[ydhs]|m{1,5}/i.test(bare) && !/general|standard|estándar/i.test(bare)) return DATE;
  if (/^0{2,}$/.test(bare)) return { kind: 'padded', digits: bare.length };
  const decimals = /^(?:#,##)?0(?:\.(0+))?(%?)$/.exec(bare);
  if (decimals === null) return PLAIN;
  const places = decimals[1]?.length ?? 0;
  if (decimals[2] === '%') return { kind: 'percent', decimals: places };
  return places === 0 ? PLAIN : { kind: 'fixed', decimals: places };
}

/** A number as a person reads it: no exponent as long as every digit is there, dates as dates. */
export function numberText(raw: string, format: CellFormat, date1904: boolean): string {
  if (format.kind === 'plain' && /^-?\d{1,15}$/.test(raw)) return raw;
  const value = Number(raw);
  if (raw === '' || !Number.isFinite(value)) return raw;
  switch (format.kind) {
    case 'date':
      return dateText(value, date1904);
    case 'padded':
      return Number.isInteger(value) && value >= 0 ? String(value).padStart(format.digits, '0') : String(value);
    case 'percent':
      return `${(value * 100).toFixed(format.decimals)}%`;
    case 'fixed':
      return Math.abs(value) < 1e15 ? value.toFixed(format.decimals) : String(value);
    case 'plain':
      // Excel keeps fifteen digits; what a double adds to them nobody has written.
      return String(Number(value.toPrecision(15)));
  }
}

const DAY = 86_400_000;

/** The day a serial number means, as ISO writes it; a cell has no zone. */
function dateText(serial: number, date1904: boolean): string {
  if (serial < 0 || serial > 2_958_466) return String(serial);
  // Excel's 1900 has a 29 February.
  const days = date1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  const at = new Date(Math.round((days - 25_569) * DAY));
  const [date = '', rest = ''] = at.toISOString().split('T');
  const time = rest.slice(0, rest.startsWith('00', 6) ? 5 : 8);
  if (serial < 1) return time;
  return time === '00:00' ? date : `${date} ${time}`;
}
