import { z } from 'zod';
import type { InWords } from '../lib/words/sentence.ts';
import { type Client, connect } from './client.ts';
import { CliError } from './exit.ts';
import type { RemoteOptions } from './target.ts';
import { facts, print, printJson, table, time } from './words.ts';

const UserShape = z.object({
  id: z.int(),
  name: z.string(),
  role: z.string(),
  status: z.string(),
  last_login_at: z.string().nullable(),
  second_factor: z.boolean(),
});

export async function listUsers(options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: '/api/v1/people' }, z.object({ data: z.array(UserShape) }));
  if (options.json === true) {
    printJson(raw);
    return;
  }
  const rows = data.data.map((user) => [String(user.id), user.name, user.role, user.status, time(user.last_login_at)]);
  print(rows.length === 0 ? 'Nobody can log in yet.' : table(['ID', 'NAME', 'ROLE', 'STATE', 'LAST LOGIN'], rows));
}

/** The way back in for whoever lost the password, the last administrator included. */
export async function linkUser(name: string, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const user = await findUser(client, name);
  const { data, raw } = await client.ask(
    { method: 'POST', path: `/api/v1/people/${String(user.id)}/invitation` },
    z.object({ invitation_url: z.string(), invitation_expires_at: z.string() }),
  );
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(
    facts([
      ['Link', data.invitation_url],
      ['For', `${user.name} (${user.role})`],
      ['Until', time(data.invitation_expires_at)],
    ]),
  );
  print('\nIt works once and sets a new password; until then the old one goes on working.');
}

/** For whoever has lost both the telephone and the recovery codes. */
export async function resetSecondFactor(name: string, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const user = await findUser(client, name);
  const { raw } = await client.ask(
    { method: 'DELETE', path: `/api/v1/people/${String(user.id)}/second-factor` },
    z.object({ second_factor: z.literal(false) }),
  );
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(
    user.second_factor
      ? `${user.name} logs in by password alone now, and is logged out everywhere.`
      : `${user.name} has no second factor. Nothing was changed.`,
  );
}

async function findUser(client: Client, name: string): Promise<InWords<z.output<typeof UserShape>>> {
  const { data: list } = await client.ask({ path: '/api/v1/people' }, z.object({ data: z.array(UserShape) }));
  const user = list.data.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
  if (user === undefined) {
    const known = list.data.map((one) => one.name).join(', ');
    throw new CliError(
      `Nobody is called "${name}". ${known === '' ? 'Nobody can log in yet: the first start printed a link.' : `There are: ${known}.`}`,
    );
  }
  return user;
}
