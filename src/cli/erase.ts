import { z } from 'zod';
import { connect } from './client.ts';
import { confirm } from './confirm.ts';
import type { RemoteOptions } from './target.ts';
import { facts, print, printJson } from './words.ts';

export interface EraseOptions extends RemoteOptions {
  readonly userId?: boolean;
  /** False with --no-block. */
  readonly block: boolean;
  readonly yes?: boolean;
}

const Shape = z.object({
  blocks: z.string(),
  recipients: z.int(),
  not_sent: z.int(),
  replies: z.int(),
  opt_outs: z.int(),
  refused_rows: z.int(),
  drafts: z.int(),
  webhooks: z.int(),
});

export async function erasePerson(who: string, options: EraseOptions): Promise<undefined> {
  await confirm('Erase this person everywhere? It cannot be taken back.', options.yes);
  const client = await connect(options);
  const named = options.userId === true ? { user_id: who } : { phone: who };
  const { data, raw } = await client.ask(
    { method: 'POST', path: '/api/v1/erasures', body: { ...named, block: options.block } },
    Shape,
  );
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(
    facts([
      ['Not sent any more', data.blocks],
      ['Rows of campaigns', `${String(data.recipients)} (${String(data.not_sent)} had not been written to)`],
      ['Replies', String(data.replies)],
      ['Opt-outs', String(data.opt_outs)],
      ['Refused rows', String(data.refused_rows)],
      ['Unpublished uploads', String(data.drafts)],
      ['Webhooks', String(data.webhooks)],
    ]),
  );
  print('\nBackups and exported files are yours to delete.');
}
