/**
 * Any token will do here, and the side door asks for none: so a web page somebody happens to have open must not be able to send
 * messages or press the buttons. A page of another origin says so in `Origin` or `Sec-Fetch-Site`; programs send neither.
 */
import type { IncomingMessage } from 'node:http';

export function isOfForeignPage({ headers }: IncomingMessage): boolean {
  const { origin } = headers;
  return headers['sec-fetch-site'] === 'cross-site' || (origin !== undefined && origin !== `http://${headers.host ?? ''}`);
}
