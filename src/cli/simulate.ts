/** `simulator`: the Cloud API of our own by itself, for any SDK pointed at it. */

import { folderFault } from '../lib/db/folder.ts';
import { createSimulator, DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID } from '../simulator/server.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { listenForStop } from './signals.ts';
import { print, printJson } from './words.ts';

export interface SimulateOptions {
  readonly port: number;
  readonly host: string;
  readonly dataDir?: string;
  readonly seed?: number;
  readonly webhookUrl?: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly phoneNumberId?: readonly string[];
  readonly wabaId?: string;
  readonly json?: boolean;
}

export async function simulate(options: SimulateOptions): Promise<ExitCode> {
  if (options.webhookUrl !== undefined && !URL.canParse(options.webhookUrl)) {
    throw new CliError(`--webhook-url "${options.webhookUrl}" is not an address.`, EXIT.usage);
  }
  const fault = options.dataDir === undefined ? undefined : folderFault(options.dataDir);
  if (fault !== undefined) {
    throw new CliError(`--data-dir ${String(options.dataDir)} cannot be made or written (${fault}). Choose another folder.`);
  }
  const phoneNumberIds = options.phoneNumberId ?? [DEFAULT_PHONE_NUMBER_ID];
  const wabaId = options.wabaId ?? DEFAULT_WABA_ID;
  const { appSecret, verifyToken } = options;
  const simulator = await createSimulator({
    port: options.port,
    host: options.host,
    dataDir: options.dataDir,
    seed: options.seed,
    webhook: options.webhookUrl === undefined ? undefined : { url: options.webhookUrl, appSecret, verifyToken },
    phoneNumberIds,
    wabaId,
  });
  const url = await simulator.start().catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new CliError(
        `Port ${String(options.port)} of ${options.host} is taken. Choose another one with --port, or 0 for a free one.`,
      );
    }
    throw error;
  });
  const stop = listenForStop();
  if (options.json === true)
    printJson({ url, phone_number_ids: phoneNumberIds, waba_id: wabaId, webhook_url: options.webhookUrl ?? null });
  else print(greeting(url, phoneNumberIds[0] ?? DEFAULT_PHONE_NUMBER_ID, wabaId, options));
  await stop.asked;
  await simulator.stop();
  return EXIT.ok;
}

function greeting(url: string, phoneNumberId: string, wabaId: string, { webhookUrl, dataDir }: SimulateOptions): string {
  return `A simulated WhatsApp Cloud API answers at ${url} - nothing reaches a real phone.

  Phone number ID   ${phoneNumberId}
  WABA ID           ${wabaId}
  Webhooks to       ${webhookUrl ?? 'nowhere (--webhook-url, --app-secret, --verify-token)'}
  Kept in           ${dataDir ?? 'memory: all is forgotten at the end (--data-dir)'}

Try it:
  curl -X POST ${url}/v25.0/${phoneNumberId}/messages \\
    -H 'Authorization: Bearer any-token' -H 'Content-Type: application/json' \\
    -d '{"messaging_product":"whatsapp","to":"573001234567","type":"template","template":{"name":"bienvenida","language":{"code":"es"},"components":[{"type":"body","parameters":[{"type":"text","text":"Ana"},{"type":"text","text":"Ruiz"}]}]}}'
  curl ${url}/_sim/ledger

Ctrl-C stops it.`;
}
