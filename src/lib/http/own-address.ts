import { once } from 'node:events';
import { createServer } from 'node:net';

/** @throws what `listen` would. */
export async function mustBeFree(host: string, port: number): Promise<void> {
  const server = createServer().listen({ host, port });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** As a browser on this machine takes it. */
export function shownHost(host: string): string {
  const reached = loopbackOf(host);
  return reached === '127.0.0.1' ? 'localhost' : reached;
}

/** How this machine reaches what listens on `host`, as part of an address. */
export function loopbackOf(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
}
