import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { InWords } from '../lib/words/sentence.ts';
import { type Answer, type Client, connect } from './client.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { RemoteOptions } from './target.ts';
import { print, printJson } from './words.ts';

export interface SendOptions extends RemoteOptions {
  readonly template: string;
  readonly language: string;
  readonly to: string;
  readonly param?: readonly string[];
  readonly named?: Readonly<Record<string, string>>;
  /** Seconds; true = WAIT_SECONDS. */
  readonly wait?: number | true;
}

const ResultShape = z.object({
  status: z.string(),
  to: z.string(),
  wamid: z.string().nullable(),
  campaign_id: z.int().nullable(),
});
const RecordShape = ResultShape.extend({
  campaign_id: z.int(),
  error: z.object({ code: z.int(), title: z.string(), advice: z.string() }).nullable(),
});

const WAIT_SECONDS = 60;
const LOOK_EVERY_MS = 500;
/** What no webhook has told more of yet. */
const ON_ITS_WAY = ['unknown', 'held', 'accepted', 'sent'];

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
  const first = await client.ask({ method: 'POST', path: '/api/v1/templates/send', body }, ResultShape);
  const { campaign_id: id } = first.data;
  if (options.wait === undefined || id === null) return tell(first, options, id);
  if (options.json !== true) print(told(first.data));
  return tell(await fateOf(client, id, options.wait === true ? WAIT_SECONDS : options.wait), options, null);
}

/** Until it is delivered, read or failed, or so many seconds are over; Ctrl-C ends the waiting, not the message. */
async function fateOf(client: Client, id: number, seconds: number): Promise<Answer<InWords<z.output<typeof RecordShape>>>> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const record = await client.ask({ path: `/api/v1/templates/send/${String(id)}` }, RecordShape);
    if (!ON_ITS_WAY.includes(record.data.status) || performance.now() > deadline) return record;
    await sleep(LOOK_EVERY_MS);
  }
}

/** @param id where its fate can be looked up, when it is not settled yet. */
function tell(answer: Answer<InWords<z.output<typeof ResultShape>>>, options: SendOptions, id: number | null): ExitCode {
  const { data, raw } = answer;
  if (options.json === true) printJson(raw);
  else {
    print(told(data));
    if (id !== null && ON_ITS_WAY.includes(data.status)) {
      print(`What becomes of it: GET /api/v1/templates/send/${String(id)}, or send with --wait.`);
    }
  }
  return ['failed', 'unknown', 'pending', 'cancelled', 'skipped'].includes(data.status) ? EXIT.failed : EXIT.ok;
}

function told({ status, to, wamid }: InWords<z.output<typeof ResultShape>>): string {
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
    case 'delivered':
    case 'read':
      return `The message to ${to} is ${status}${id}.`;
    default:
      return `Meta has taken the message to ${to}${id}: ${status}.`;
  }
}
