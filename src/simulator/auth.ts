import type { IncomingMessage } from 'node:http';
import type { SimConfig } from './config.ts';
import { type Refusal, refuse } from './graph-error.ts';

const NEWEST = 26;

/** The token of a request, from the header or the query. */
export function tokenOf(req: IncomingMessage, query: string): string | undefined {
  const header = req.headers.authorization;
  if (header?.startsWith('Bearer ') === true) return header.slice(7).trim();
  if (header !== undefined) return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(header)?.[1];
  return query.includes('access_token=') ? (new URLSearchParams(query).get('access_token') ?? undefined) : undefined;
}

/** docs/meta.md, Tokens: none → 104, wrong → 190, expired → 190/463, without the permission → 200. */
export function tokenFault(config: SimConfig, token: string | undefined): Refusal | undefined {
  const { valid, expired, wrong, forbidden } = config.tokens;
  if (token === undefined || token === '') return refuse(104);
  if (expired.includes(token))
    return refuse(190, undefined, { message: 'Error validating access token: Session has expired', subcode: 463 });
  if (wrong.includes(token) || (valid !== null && !valid.includes(token) && !forbidden.includes(token))) return refuse(190);
  if (forbidden.includes(token))
    return refuse(200, undefined, {
      message: 'Requires whatsapp_business_messaging or whatsapp_business_management permission',
      subcode: 1349176,
    });
  return undefined;
}

/**
 * `v25.0` → 25. No version segment: the newest. Expired ones are run as they are (Graph runs them silently, docs/meta.md, Versions);
 * what never existed is refused.
 */
export function versionOf(segment: string): number | Refusal | undefined {
  return segment === 'v25.0' ? 25 : parseVersion(segment);
}

function parseVersion(segment: string): number | Refusal | undefined {
  const match = /^v(\d+)\.(\d+)$/.exec(segment);
  if (match === null) {
    return /^v\d/.test(segment)
      ? refuse(100, undefined, { message: "Invalid version format. Use format like 'v23.0'" })
      : undefined;
  }
  const version = Number(match[1]);
  if (version < 1 || version > NEWEST || match[2] !== '0')
    return refuse(2500, undefined, { status: 400, message: `(#2500) Unknown path components: /${segment}` });
  return version;
}

export const NEWEST_VERSION = NEWEST;
