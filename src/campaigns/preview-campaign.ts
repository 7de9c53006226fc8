/** A real row of a campaign as the person will see it. What was shown is noted: it is what may be sent. */

import type { z } from 'zod';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { Campaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import { noteLook, type VersionDeps, versionsOf } from '../lifecycle/looked-at.ts';
import { peopleFacts } from '../recipients/people-facts.sql.ts';
import { listRecipients } from '../recipients/recipients.sql.ts';
import { guessMapping } from '../templates/guess-mapping.ts';
import { previewOf, readableTemplate, readMapping, type TemplateDeps } from '../templates/preview-template.ts';
import type { PreviewAnswer } from '../templates/schema.ts';
import { parseTemplate, type Template } from '../templates/template.ts';

export async function previewCampaign(
  deps: TemplateDeps & VersionDeps,
  { id, recipientId }: { readonly id: number; readonly recipientId: number | undefined },
): Promise<z.output<typeof PreviewAnswer>> {
  const campaign = await getCampaign(deps.db, id);
  // Whoever waits in a paused campaign gets the template of now.
  const frozen = campaign.template === null || campaign.status === 'paused' ? undefined : parseTemplate(campaign.template);
  const template = frozen?.ok === true ? frozen.template : await chosenTemplate(deps, campaign);
  const { columns } = await peopleFacts(deps.db, id);
  const after = (recipientId ?? 1) - 1;
  const person = (await listRecipients(deps.db, id, { after: { due: '-infinity', id: after }, limit: 1 }))[0];
  if (person === undefined) throw new Problem('recipient_not_found', say('server.campaigns.campaign-such-person'));
  const mapping = { ...guessMapping(template, columns), ...readMapping(campaign.mapping) };
  const { now } = await versionsOf(deps, campaign, { template, mapping });
  const answer = previewOf({ template, mapping }, person.data, columns);
  if (answer.faults.length === 0) await noteLook(deps, campaign, now, 'look');
  return answer;
}

async function chosenTemplate(deps: TemplateDeps, campaign: Campaign): Promise<Template> {
  const chosen = templateOf(campaign);
  if (chosen !== undefined) return readableTemplate(deps, chosen.name, chosen.language);
  throw new Problem('template_not_found', say('server.campaigns.campaign-template-yet'));
}
