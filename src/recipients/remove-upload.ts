/**
 * Promises: a file that was put on the list can be taken off again, whole, as long as nothing of the campaign has been sent.
 * Order: mark it (nobody can start the campaign or upload to it any more), then take its people off in chunks, then forget it.
 * A crash leaves a marked upload; the round goes on with it, and so does whoever asks again.
 */

import { recordAudit } from '../audit/record-audit.ts';
import type { Db } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { CampaignStatus } from '../lifecycle/campaign.ts';
import { beginRemoval, finishRemoval, type Removal, removalsUnderWay } from './remove-upload.sql.ts';

export interface RemoveUploadDeps {
  readonly db: Db;
  /** As at the upload: the markets it counted are counted back. */
  readonly marketOf: (digits: number) => string;
}

export interface RemovedUpload {
  readonly upload_id: number;
  readonly filename: string | null;
  readonly removed_recipients: number;
}

/** Where nothing can have left yet. */
const NOTHING_SENT = ['draft', 'scheduled'] as const satisfies readonly CampaignStatus[];

export async function removeUpload({ db, marketOf }: RemoveUploadDeps, removal: Removal, actor: Actor): Promise<RemovedUpload> {
  const { campaignId, uploadId } = removal;
  const begun = await db.tx(async (sql) => {
    const answer = await beginRemoval(sql, removal, NOTHING_SENT);
    if (answer.begun && answer.isFirst) {
      const detail = { upload_id: uploadId, filename: answer.filename, people: answer.people };
      await recordAudit(sql, actor, { action: 'campaign.remove_upload', campaignId, detail });
    }
    return answer;
  });
  if (!begun.begun) throw refusal(removal, begun);
  await finishRemoval(db, removal, marketOf);
  return { upload_id: removal.uploadId, filename: begun.filename, removed_recipients: begun.people };
}

/** The sweep: removals whose process died. */
export async function finishRemovals({ db, marketOf }: RemoveUploadDeps): Promise<void> {
  for (const removal of await removalsUnderWay(db)) await finishRemoval(db, removal, marketOf);
}

function refusal(
  { campaignId, uploadId }: Removal,
  why: Extract<Awaited<ReturnType<typeof beginRemoval>>, { begun: false }>,
): Problem {
  const id = String(campaignId);
  switch (why.refused) {
    case 'upload':
      return new Problem('not_found', say('server.recipients.campaign-upload-list', { id, uploadId }));
    case 'upload_open':
      return new Problem('upload_in_progress', say('server.recipients.file-being-uploaded'));
    case 'campaign':
      if (why.status === undefined) return new Problem('campaign_not_found', say('server.recipients.campaign', { id }));
      return new Problem(
        'campaign_wrong_state',
        say('server.recipients.campaign-upload-can', { status: why.status, nothingSent: NOTHING_SENT.join(' or ') }),
        { status_now: why.status },
      );
  }
}
