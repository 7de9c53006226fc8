/**
 * Puts the people of a file on the list of a campaign: what its template asks of each row is looked up first, the file is imported
 * whole or not at all, and what the list would be sent is noted as the version of the upload.
 * Order: published first, then noted, then woken. A crash in between costs the note or a few seconds, never a person.
 */

import type { Readable } from 'node:stream';
import { type Actor, requireRight } from '../lib/http/actor.ts';
import { say } from '../lib/words/sentence.ts';
import { reopenCampaign, type SendingIdentity } from '../lifecycle/assert-runnable.ts';
import { findCampaign, lockCampaign } from '../lifecycle/campaign.sql.ts';
import { type CampaignStatus, templateOf } from '../lifecycle/campaign.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import { noteLook, type VersionDeps, versionsOf } from '../lifecycle/looked-at.ts';
import { effectiveMapping } from '../templates/effective-mapping.ts';
import type { TemplateDeps } from '../templates/preview-template.ts';
import { parseTemplate } from '../templates/template.ts';
import { listTemplates } from '../templates/templates.sql.ts';
import type { Answers } from './draft.ts';
import { type ImportDeps, type ImportReport, type ImportRequest, importRecipients } from './import-recipients.ts';
import { peopleFacts } from './people-facts.sql.ts';
import { fileRequirements } from './requirements.ts';

export interface UploadDeps extends TemplateDeps, VersionDeps, SendingIdentity, Pick<ImportDeps, 'marketOf'> {
  readonly maxRecipients: number;
  readonly defaultCountry: string | undefined;
  readonly wake: (campaignIds: readonly number[]) => void;
}

export interface Upload {
  readonly campaignId: number;
  readonly stream: Readable;
  readonly filename: string | null;
  /** How the file is to be read, where that is not left to the program. */
  readonly answers: Answers;
  /** A dry run that becomes the list, as it was corrected. */
  readonly draft?: ImportRequest['draft'];
  readonly signal: AbortSignal;
}

/**
 * Whoever is added here is written to without anybody starting anything: a completed campaign goes on, and who resumes a paused one
 * does not look at its list again.
 */
const SENDS_BY_ITSELF: ReadonlySet<CampaignStatus> = new Set(['running', 'paused', 'scheduled', 'completed']);

/** Refuses whoever may not send, where changing the list of the campaign changes what is sent. */
export async function requireRightToList(
  deps: TemplateDeps,
  actor: Actor,
  change: { id: number; act: 'add' | 'remove' },
): Promise<void> {
  const { status } = await getCampaign(deps.db, change.id);
  if (SENDS_BY_ITSELF.has(status))
    requireRight(actor, 'send', say(`server.recipients.may-${change.act}`, { status: say(`server.status.${status}`) }));
}

export async function uploadRecipients(deps: UploadDeps, upload: Upload, actor: Actor): Promise<ImportReport> {
  const { campaignId } = upload;
  const { forColumns, marketing } = await fileRequirements(deps, campaignId);
  const report = await importRecipients(
    {
      db: deps.db,
      marketOf: deps.marketOf,
      // In the publishing transaction, so that people never wait in a campaign that is completed.
      onPublished: async (sql, published) => {
        if (published.before !== 'completed' || published.pending === 0) return;
        const campaign = await lockCampaign(sql, campaignId);
        if (campaign !== undefined) await reopenCampaign(deps, sql, campaign);
      },
    },
    {
      ...upload,
      maxRecipients: deps.maxRecipients,
      defaultCountry: deps.defaultCountry,
      requirements: forColumns,
      marketing,
    },
    actor,
  );
  await noteUpload(deps, campaignId);
  deps.wake([campaignId]);
  return report;
}

/** The version of an upload counts where nobody has looked at anything. */
async function noteUpload(deps: UploadDeps, id: number): Promise<void> {
  const campaign = await findCampaign(deps.db, id);
  const chosen = campaign === undefined ? undefined : templateOf(campaign);
  if (campaign === undefined || chosen === undefined) return;
  const [stored] = await listTemplates(deps.db, deps, chosen);
  const parsed = stored === undefined ? undefined : parseTemplate(stored.raw);
  if (parsed?.ok !== true) return;
  const { template } = parsed;
  const { mapping, faults } = effectiveMapping(template, campaign.mapping, (await peopleFacts(deps.db, id)).columns);
  if (faults.length > 0) return;
  await noteLook(deps, campaign, (await versionsOf(deps, campaign, { template, mapping })).now, 'upload');
}
