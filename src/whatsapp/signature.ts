/** X-Hub-Signature-256: HMAC-SHA256 of the raw bytes (docs/meta.md, Webhooks). Never over parsed and rewritten JSON: accents differ. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'sha256=';

/** Any of the secrets will do, so that one can be changed for another without losing a webhook. An empty secret never counts. */
export function verifySignature(body: string | Uint8Array, header: unknown, secrets: readonly string[]): boolean {
  if (typeof header !== 'string' || !/^sha256=[0-9a-f]{64}$/i.test(header)) return false;
  const given = Buffer.from(header.slice(PREFIX.length), 'hex');
  let valid = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const expected = createHmac('sha256', secret).update(body).digest();
    // All are computed whatever the first said: the time tells nothing of which one matched.
    if (timingSafeEqual(given, expected)) valid = true;
  }
  return valid;
}

/**
 * The GET by which Meta checks a callback address (docs/meta.md, Subscribing to webhooks). The challenge to answer with, as plain text, or undefined:
 * 403. The keys hold a dot, which some query parsers turn into nesting: pass the flat query.
 */
export function verifySubscription(query: Readonly<Record<string, unknown>>, verifyToken: string): string | undefined {
  const token = query['hub.verify_token'];
  const challenge = query['hub.challenge'];
  if (query['hub.mode'] !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') return undefined;
  if (verifyToken === '' || !sameText(token, verifyToken)) return undefined;
  return challenge;
}

/** Compares digests, which are equally long, so that neither the text nor its length shows in the time. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
