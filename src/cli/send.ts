import { z } from 'zod';
import { connect } from './client.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { RemoteOptions } from './target.ts';
import { print, printJson } from './words.ts';

export interface SendOptions extends RemoteOptions {
  readonly template: string;
  readonly language: string;
  readonly to: string;
  readonly param?: readonly string[];
  readonly named?: Readonly<Record<string, string>>;
}

const ResultShape = z.object({ status: z.string(), to: z.string(), wamid: z.string().nullable() });

/** Written down and sent like every other message; only what Meta took is a success. */
export async function sendTest(options: SendOptions): Promise<ExitCode> {
  if (options.param !== undefined && options.named !== undefined) {
    throw new CliError('Give the texts either in their order (--param) or by name (--named), not both.', EXIT.usage);
  }
  const client = await connect(options);
  const body = {
    template_name: options.template,
    template_language: options.language,
    to: options.to,
    parameters: options.named ?? options.param ?? [],
  };
  const { data, raw } = await client.ask({ method: 'POST', path: '/api/v1/templates/send', body }, ResultShape);
  if (options.json === true) printJson(raw);
  else print(told(data));
  return ['failed', 'unknown', 'pending', 'cancelled', 'skipped'].includes(data.status) ? EXIT.failed : EXIT.ok;
}

function told({ status, to, wamid }: z.output<typeof ResultShape>): string {
  const id = wamid === null ? '' : ` (${wamid})`;
  switch (status) {
    case 'failed':
      return `Meta refused the message to ${to}.`;
    case 'unknown':
      return `The message to ${to} may or may not have been sent: the answer was lost. It is not repeated; a webhook may still settle it.`;
    case 'pending':
    case 'cancelled':
    case 'skipped':
      return `The message to ${to} was not sent (${status}).`;
    default:
      return `Meta has taken the message to ${to}${id}: ${status}.`;
  }
}
