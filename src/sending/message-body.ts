/** What every message of a running campaign shares, worked out once: the frozen template, compiled with the frozen mapping. */

import { english } from '../lib/words/sentence.ts';
import type { Campaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import type { Claimed } from '../lifecycle/claim.sql.ts';
import { type AttemptKey, callbackData, type Origin } from '../lifecycle/message.ts';
import type { StopTarget } from '../lifecycle/stop.ts';
import { type BindFault, compileTemplate } from '../templates/compile.ts';
import { parseMapping } from '../templates/mapping.ts';
import { parseTemplate } from '../templates/template.ts';

export interface SendingPlan {
  readonly target: StopTarget;
  /** Of the template and mapping it was made from. */
  readonly frozenVersion: number;
  /** Of the frozen template. */
  readonly category: string;
  /** Messages per second of this campaign alone, over the pace of its number. */
  readonly messagesPerSecond: number | undefined;
  /** The whole body of the POST, or why this row cannot be filled. */
  body(claimed: Claimed, key: AttemptKey): { ok: true; json: string } | { ok: false; faults: readonly BindFault[] };
}

export function planCampaign(campaign: Campaign, origin: Origin): SendingPlan {
  const chosen = templateOf(campaign);
  if (chosen === undefined) throw new Error(`campaign ${String(campaign.id)} has started without a template`);
  const parsed = parseTemplate(campaign.template);
  if (!parsed.ok)
    throw new Error(`the frozen template of campaign ${String(campaign.id)} cannot be read: ${english(parsed.error)}`);
  const mapping = parseMapping(campaign.mapping);
  if (!mapping.ok) throw new Error(`the frozen mapping of campaign ${String(campaign.id)} cannot be read`);
  const compiled = compileTemplate(parsed.template, mapping.mapping, Date.now);
  return {
    target: {
      campaignId: campaign.id,
      mode: campaign.mode,
      phoneNumberId: campaign.phone_number_id,
      templateName: chosen.name,
      templateLanguage: chosen.language,
    },
    frozenVersion: campaign.frozen_version,
    category: parsed.template.category,
    messagesPerSecond: campaign.messages_per_second ?? undefined,
    body(claimed, key) {
      const template = compiled.templateJson(claimed.data);
      if (!template.ok) return template;
      // Phone and callback data are digits, letters and dots: nothing to escape. `+`: else Meta may prepend a country (docs/meta.md, Sending).
      const json = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+${String(claimed.phone)}","type":"template","template":${template.json},"biz_opaque_callback_data":"${callbackData(origin, key)}"}`;
      return { ok: true, json };
    },
  };
}
