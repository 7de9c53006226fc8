// The OpenAPI document without a database, a network or a setting. Run by itself it prints it.
import { fileURLToPath } from 'node:url';
import { buildServer } from '../src/app/server.ts';
import { silentLogger } from '../src/lib/log.ts';

/** Stands for whatever a route would use once it is called; no route is. */
const nothing = new Proxy(() => nothing, {
  get: (_target, name) => (typeof name === 'symbol' || name === 'then' ? undefined : nothing),
});

const standIn = (known) => new Proxy(known, { get: (_target, name) => (name in known ? known[name] : nothing) });

const deps = standIn({
  appName: 'WhatsApp Sender',
  version: process.env.npm_package_version ?? '0.0.0',
  mode: 'sandbox',
  log: silentLogger(),
  trustProxy: 0,
  publicUrl: undefined,
  corsOrigins: [],
  limits: undefined,
  secretKey: 'not a secret: nothing is signed with it',
});

export async function openApiDocument() {
  const app = await buildServer(deps);
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await openApiDocument(), null, 2));
