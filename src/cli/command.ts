/** What every command is made with. */
import type { Command } from 'commander';
import type { ExitCode } from './exit.ts';

/** Takes what a command came to; nothing = done. */
export type Answer = (outcome: Promise<ExitCode | undefined>) => Promise<void>;

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** A command that speaks to a running server. */
export function remote(command: Command): Command {
  return command
    .option('--url <address>', 'the server; else WHATSAPP_SENDER_URL, else the one on this machine (HOST, PORT, PUBLIC_URL)')
    .option('--key <key>', 'the API key; else WHATSAPP_SENDER_KEY, ADMIN_API_KEY, or the one kept in DATA_DIR')
    .option('--json', 'answer in JSON');
}
