import { createInterface } from 'node:readline/promises';
import { CliError, EXIT } from './exit.ts';

/** Asks before what cannot be taken back. Where nobody can be asked, the answer has to be in the command. */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw new CliError(`${question} Nobody can be asked here: add --yes to say so.`, EXIT.usage);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^\s*(y|yes|s|si|sí)\s*$/i.test(answer)) throw new CliError('Nothing was changed.');
}
