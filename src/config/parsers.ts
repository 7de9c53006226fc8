import { isIP } from 'node:net';

/** How the text of one setting becomes a value. A fault is the rest of a sentence that begins with the setting's name. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

export type Parser<T> = (text: string) => Parsed<T>;

function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

function bad<T>(fault: string): Parsed<T> {
  return { ok: false, fault };
}

export function text(rule: { min?: number; max?: number } = {}): Parser<string> {
  const { min = 1, max = 4096 } = rule;
  return (raw) => {
    if (raw.length < min) return bad(`must have at least ${String(min)} characters`);
    return raw.length > max ? bad(`must have at most ${String(max)} characters`) : good(raw);
  };
}

/** Goes into an HTTP header or a query: nothing that ends a line or hides in one. */
export function token(rule: { min?: number } = {}): Parser<string> {
  const { min = 1 } = rule;
  return (raw) => {
    if (!/^[\x21-\x7e]+$/.test(raw)) return bad('must not contain spaces or characters beyond ASCII');
    return raw.length < min ? bad(`must have at least ${String(min)} characters`) : good(raw);
  };
}

/** Python's `True` and `False` are what the settings of the FastAPI backend carry. */
export const boolean: Parser<boolean> = (raw) => {
  if (/^(true|yes|on|1)$/i.test(raw)) return good(true);
  return /^(false|no|off|0)$/i.test(raw) ? good(false) : bad('must be true or false');
};

export function integer(min: number, max: number): Parser<number> {
  return (raw) => {
    const value = /^[+-]?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= min && value <= max ? good(value) : bad(`must be a whole number from ${String(min)} to ${String(max)}`);
  };
}

export function number(min: number, max: number): Parser<number> {
  return (raw) => {
    const value = /^[+-]?(\d{1,15}(\.\d*)?|\.\d+)$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= min && value <= max ? good(value) : bad(`must be a number from ${String(min)} to ${String(max)}`);
  };
}

/** Money is kept in millionths of the currency; read digit by digit, since 0.005 * 1e6 is not 5000 in floating point everywhere. */
export const micros: Parser<number> = (raw) => {
  const match = /^(\d{1,6})(?:\.(\d{1,6})0*)?$/.exec(raw);
  if (match === null) return bad('must be an amount such as 0.005, with a point and at most six decimals');
  return good(Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0')));
};

export function oneOf<const T extends string>(choices: readonly T[], spellings: Readonly<Record<string, T>> = {}): Parser<T> {
  const list = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;
  return (raw) => {
    const wanted = raw.toLowerCase();
    const found = choices.find((choice) => choice === wanted) ?? spellings[wanted];
    return found === undefined ? bad(`must be ${list}`) : good(found);
  };
}

export const currency: Parser<string> = (raw) =>
  /^[A-Za-z]{3}$/.test(raw) ? good(raw.toUpperCase()) : bad('must be a currency code of three letters, such as USD or COP');

/** Codes that Intl can name but where nobody has a telephone: unions, test and unknown regions. */
const NOT_COUNTRIES = ['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'];
const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

export const country: Parser<string> = (raw) => {
  // UK -> GB and the like.
  const code = /^[A-Za-z]{2}$/.test(raw) ? (new Intl.Locale(`und-${raw}`).region ?? '') : '';
  const known = code !== '' && !NOT_COUNTRIES.includes(code) && countryNames.of(code) !== undefined;
  return known ? good(code) : bad('must be a country code of two letters, such as CO, MX or ES');
};

export const host: Parser<string> = (raw) =>
  /^[A-Za-z0-9.:_-]+$/.test(raw) ? good(raw) : bad('must be an address or a host name, without http:// and without a port');

/** A database may also be reached through a folder with its unix socket. */
export const databaseHost: Parser<string> = (raw) => (raw.startsWith('/') ? good(raw) : host(raw));

export const metaId: Parser<string> = (raw) =>
  /^\d{5,25}$/.test(raw)
    ? good(raw)
    : bad('must be the number that Meta shows as the ID (digits only; not the phone number itself)');

export const apiVersion: Parser<string> = (raw) =>
  /^v?\d{1,2}\.\d$/.test(raw) ? good(raw.startsWith('v') ? raw : `v${raw}`) : bad('must be a Graph API version such as v25.0');

function parseUrl(raw: string): URL | undefined {
  return URL.canParse(raw) ? new URL(raw) : undefined;
}

/** An address other paths are appended to: no query, no closing slash. */
export const baseUrl: Parser<string> = (raw) => {
  const url = parseUrl(raw);
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return bad('must be an address that begins with https:// (or http://)');
  if (url.username !== '' || url.password !== '') return bad('must not contain a user name or password');
  if (url.search !== '' || url.hash !== '') return bad('must not contain a ? or # part');
  return good(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
};

/** The version travels separately, so that it can be raised without touching the address. */
export const apiBaseUrl: Parser<string> = (raw) => {
  const parsed = baseUrl(raw);
  if (parsed.ok && /\/v\d+\.\d+$/.test(parsed.value)) {
    return bad('must not contain the API version; leave it out and set WHATSAPP_API_VERSION instead');
  }
  return parsed;
};

export function serverUrl(protocols: readonly string[]): Parser<string> {
  return (raw) => {
    const scheme = /^([a-z]+):\/\//.exec(raw)?.[1];
    const url = scheme !== undefined && protocols.includes(scheme) ? parseUrl(raw) : undefined;
    if (url === undefined) return bad(`must be an address that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`);
    return /%(?![0-9A-Fa-f]{2})/.test(url.username + url.password)
      ? bad('contains a bare % in its password; write it as %25')
      : good(raw);
  };
}

/** `https://a.example,https://b.example`, or the JSON list that Python settings often hold. */
export const origins: Parser<readonly string[]> = (raw) => {
  const parts = raw
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((part) => part !== '');
  const found: string[] = [];
  for (const part of parts) {
    if (part === '*') return bad('must name each origin; * would let any page on the internet use a signed-in browser');
    const url = parseUrl(part);
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      return bad('must be a list of origins such as https://panel.example.com, without a path, separated by commas');
    }
    if (!found.includes(url.origin)) found.push(url.origin);
  }
  return good(found);
};

/** Which proxies in front are believed: so many of them, or those at these addresses. 0 = none. */
export type TrustedProxies = number | readonly string[];

/** Names of networks that need no figures. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** Never "whoever sets the header": any client can set it. */
export const trustedProxies: Parser<TrustedProxies> = (raw) => {
  if (/^(false|no|off|none)$/i.test(raw)) return good(0);
  if (/^\d{1,2}$/.test(raw)) return Number(raw) <= 10 ? good(Number(raw)) : bad('must be at most 10 proxies');
  if (/^(true|yes|on)$/i.test(raw)) {
    return bad(
      'must say which proxy is believed, since any client can set X-Forwarded-For: the number of proxies in front (1), or their addresses (10.0.0.5, 172.16.0.0/12)',
    );
  }
  const parts = raw.split(',').map((part) => part.trim().toLowerCase());
  return parts.every(isNetwork)
    ? good(parts)
    : bad(
        'must be the number of proxies in front (1), or their addresses and networks, separated by commas (10.0.0.5, 172.16.0.0/12, loopback)',
      );
};

function isNetwork(text: string): boolean {
  if (NETWORKS.includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  // A network of everybody is "whoever sets the header" once more.
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128));
}
