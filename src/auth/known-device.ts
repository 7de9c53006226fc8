/**
 * A browser that logged somebody in before carries a token that says so. It opens nothing: it only keeps that browser's own count of
 * wrong tries apart from everybody else's, so that strangers who try a name hold up strangers and not the person.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { sameSecret } from './secrets.ts';

export function newDevice(secretKey: string, personId: number): string {
  const device = `${String(personId)}.${randomBytes(16).toString('base64url')}`;
  return `${device}.${sign(secretKey, device)}`;
}

/** Whose browser it is; undefined = nobody knows it. */
export function deviceOf(secretKey: string, token: string | undefined): { personId: number; device: string } | undefined {
  if (token === undefined || token.length > 200) return undefined;
  const [person = '', chance = '', signature = '', ...rest] = token.split('.');
  const device = `${person}.${chance}`;
  if (rest.length > 0 || !/^\d{1,10}$/.test(person) || !sameSecret(signature, sign(secretKey, device))) return undefined;
  return { personId: Number(person), device };
}

function sign(secretKey: string, device: string): string {
  return createHmac('sha256', secretKey).update(`known device ${device}`).digest('base64url');
}
