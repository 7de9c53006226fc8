/** `webhooks replay`: stored webhooks are applied again. */
import { z } from 'zod';
import { connect } from './client.ts';
import { CliError, EXIT } from './exit.ts';
import type { RemoteOptions } from './target.ts';
import { many, print, printJson } from './words.ts';

export interface ReplayOptions extends RemoteOptions {
  readonly from?: string;
  readonly to?: string;
  readonly stuck?: boolean;
}

export async function replayWebhooks(options: ReplayOptions): Promise<undefined> {
  const body = bodyOf(options);
  const client = await connect(options);
  const { data, raw } = await client.ask(
    { method: 'POST', path: '/api/v1/webhooks/replay', body },
    z.object({ queued: z.int() }),
  );
  if (options.json === true) printJson(raw);
  else print(`${many(data.queued, 'webhook')} will be applied again. What was right stays as it is.`);
}

function bodyOf({ from, to, stuck }: ReplayOptions): Readonly<Record<string, unknown>> {
  if (stuck === true && from === undefined && to === undefined) return { stuck };
  if (stuck !== true && from !== undefined && to !== undefined) return { from, to };
  throw new CliError('Give either --from and --to, or --stuck.', EXIT.usage);
}
