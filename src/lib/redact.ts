/** What must never be read in a log: secrets are blotted out, phone numbers keep their ends. */
export const HIDDEN = '[hidden]';

/** `+573001234567` -> `+57300***4567`: enough to find a person again when one knows the number, not enough to write to them. */
export function maskPhone(phone: string): string {
  const sign = phone.startsWith('+') ? '+' : '';
  const digits = phone.replace(/\D/g, '');
  if (digits.length < 8) return `${sign}***`;
  const head = Math.min(5, digits.length - 7);
  return `${sign}${digits.slice(0, head)}***${digits.slice(-4)}`;
}

/** A run of digits as long as a phone number, not part of a word or of a longer number; or a + with grouped digits. */
const PHONE = /(?<![\w.-])\+?\d{10,15}(?![\w.]*\d)|(?<!\w)\+\d[\d ().-]{7,18}\d(?!\d)/g;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi, `$1 ${HIDDEN}`],
  // Meta's access tokens.
  [/\bEAA[A-Za-z0-9]{16,}/g, HIDDEN],
  // user:password@ in an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+@/gi, `$1${HIDDEN}@`],
  // name=value and "name": "value", as they stand in queries, forms and JSON.
  [
    /(\b[\w.-]*(?:token|secret|passw(?:or)?d|api_?key|secret_?key|ticket|cookie)["']?\s*[:=]\s*["']?)(?!\[hidden\])[^\s"',;&}\]]+/gi,
    `$1${HIDDEN}`,
  ],
];

const SECRET_KEY = /(token|secret|passw(or)?d|authorization|cookie|ticket|credential|(api|admin|private|access)key)s?$/;
const PHONE_KEY = /(phone|phonenumber|msisdn|waid|recipient|recipientid|person|digits|^to|^from)$/;
/** Long numbers that are not people: Meta's ids, ours, and traces. */
const ID_KEY = /(_id|Id|_ids|Ids|^id|wamid|trace|hash|version|_at|At|^time)$/;

const DEEPEST = 8;
const LONGEST_TEXT = 8_192;
const LONGEST_LIST = 100;

export interface Redactor {
  /** Secrets and phones out of a piece of text. */
  text(text: string): string;
  /** A copy of anything, fit to be logged. */
  value(value: unknown): unknown;
}

/** @param secrets exact values known from the settings, hidden wherever they turn up. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = secrets.filter(worthHiding).sort((a, b) => b.length - a.length);

  function hideSecrets(text: string): string {
    let out = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}… (${String(text.length)} characters)` : text;
    for (const secret of known) if (out.includes(secret)) out = out.replaceAll(secret, HIDDEN);
    for (const [pattern, replacement] of PATTERNS) out = out.replace(pattern, replacement);
    return out;
  }

  function cleanText(text: string): string {
    return hideSecrets(text).replace(PHONE, maskPhone);
  }

  function cleanField(key: string, value: unknown, depth: number, seen: readonly object[]): unknown {
    const plain = key.replace(/[^A-Za-z]/g, '').toLowerCase();
    if (value !== null && value !== undefined && typeof value !== 'boolean' && SECRET_KEY.test(plain)) return HIDDEN;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      if (ID_KEY.test(key) && !PHONE_KEY.test(plain))
        return typeof value === 'string' ? hideSecrets(value) : clean(value, depth, seen);
      if (PHONE_KEY.test(plain) && /^\+?\d{8,}$/.test(String(value))) return maskPhone(String(value));
    }
    return clean(value, depth, seen);
  }

  function clean(value: unknown, depth: number, seen: readonly object[]): unknown {
    if (typeof value === 'string') return cleanText(value);
    if (typeof value === 'bigint') return cleanText(String(value));
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (seen.includes(value)) return '[circular]';
    if (depth >= DEEPEST) return '[deeper]';
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${String(value.byteLength)} bytes]`;
    const within = [...seen, value];
    if (value instanceof Error) return cleanError(value, depth, within);
    if (value instanceof Map)
      return clean(Object.fromEntries([...value].map(([key, part]) => [nameOf(key), part])), depth, within);
    if (value instanceof Set || Array.isArray(value)) {
      const all: unknown[] = [...value];
      const shown = all.slice(0, LONGEST_LIST).map((item) => clean(item, depth + 1, within));
      return all.length > LONGEST_LIST ? [...shown, `… ${String(all.length - LONGEST_LIST)} more`] : shown;
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleanField(key, part, depth + 1, within)]));
  }

  function cleanError(error: Error, depth: number, seen: readonly object[]): Record<string, unknown> {
    const own = Object.entries(error).map(([key, part]) => [key, cleanField(key, part, depth + 1, seen)] as const);
    return {
      type: error.name,
      message: cleanText(error.message),
      stack: error.stack === undefined ? undefined : cleanText(error.stack),
      ...(error.cause === undefined ? {} : { cause: clean(error.cause, depth + 1, seen) }),
      ...Object.fromEntries(own),
    };
  }

  return { text: cleanText, value: (value) => clean(value, 0, []) };
}

/** The keys of a map may be anything; only plain ones name a field. */
function nameOf(key: unknown): string {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' ? String(key) : `[${typeof key}]`;
}

/** A password such as `postgres` is no secret and would blot out honest words. */
function worthHiding(secret: string): boolean {
  return secret.length >= 8 && !/^[a-z]{1,12}$/i.test(secret);
}
