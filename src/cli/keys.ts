import { z } from 'zod';
import type { InWords } from '../lib/words/sentence.ts';
import { connect } from './client.ts';
import type { RemoteOptions } from './target.ts';
import { facts, print, printJson, table, time } from './words.ts';

const KeyShape = z.object({
  id: z.int(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
});

export interface KeyOptions extends RemoteOptions {
  readonly name: string;
  readonly scope: readonly string[];
  readonly expires?: string;
}

export async function createKey(options: KeyOptions): Promise<undefined> {
  const client = await connect(options);
  const body = { name: options.name, scopes: options.scope, expires_at: options.expires };
  const { data, raw } = await client.ask({ method: 'POST', path: '/api/v1/keys', body }, KeyShape.extend({ key: z.string() }));
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(
    facts([
      ['Key', data.key],
      ['Number', String(data.id)],
      ['Name', data.name],
      ['May', data.scopes.join(', ')],
      ['Expires', data.expires_at === null ? 'never' : time(data.expires_at)],
    ]),
  );
  print('\nKeep it now: it is shown this once.');
}

export async function listKeys(options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: '/api/v1/keys' }, z.object({ data: z.array(KeyShape) }));
  if (options.json === true) {
    printJson(raw);
    return;
  }
  const names = ['ID', 'NAME', 'BEGINS WITH', 'MAY', 'CREATED', 'LAST USED', 'STATE'];
  const rows = data.data.map((key) => [
    String(key.id),
    key.name,
    `${key.prefix}…`,
    key.scopes.join(','),
    time(key.created_at),
    time(key.last_used_at),
    stateOf(key),
  ]);
  print(rows.length === 0 ? 'No keys.' : table(names, rows));
}

function stateOf(key: InWords<z.output<typeof KeyShape>>): string {
  if (key.revoked_at !== null) return `revoked ${time(key.revoked_at)}`;
  if (key.expires_at === null) return 'valid';
  return `${Date.parse(key.expires_at) <= Date.now() ? 'expired' : 'valid until'} ${time(key.expires_at)}`;
}

export async function revokeKey(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ method: 'DELETE', path: `/api/v1/keys/${String(id)}` }, KeyShape);
  if (options.json === true) printJson(raw);
  else print(`Revoked: ${data.name}. It opens nothing any more.`);
}
