import { createHmac } from 'node:crypto';

/** As Meta serialises: everything outside ASCII as lower-case \uXXXX, emoji as a surrogate pair (docs/meta.md, Webhooks). */
export function escapeNonAscii(json: string): string {
  return /[^\x00-\x7f]/.test(json)
    ? json.replaceAll(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

/** `X-Hub-Signature-256` over the exact bytes. */
export function signature(secret: string, bytes: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
}

const PREFIX = Buffer.from([0x1c, 0x18]);

/**
 * `wamid.` + base64 of the person, the run and the row: unique, and the row can be read back, so that nothing is stored for it.
 */
export function wamidOf(digits: string, run: string, row: number): string {
  const tail = `${run}${row.toString(16).padStart(10, '0').toUpperCase()}`;
  return `wamid.${Buffer.from(
    `${PREFIX.toString('latin1')}${String.fromCharCode(digits.length)}${digits}\x15\x02\x00\x11\x18\x12${tail}\x00`,
    'latin1',
  ).toString('base64')}`;
}

export function rowOfWamid(wamid: string): number | undefined {
  if (!wamid.startsWith('wamid.')) return undefined;
  const text = Buffer.from(wamid.slice(6), 'base64').toString('latin1');
  const row = Number.parseInt(text.slice(-11, -1), 16);
  return Number.isNaN(row) ? undefined : row;
}
