/**
 * A template that changes under a running campaign: Meta sends by name, so the rest would get a text, or a price, that nobody has
 * looked at. The campaign pauses with both in its reason; a resume asks for the new version to be confirmed.
 */

import { pauseRunning } from '../lifecycle/pause.sql.ts';
import { parseTemplate } from '../templates/template.ts';
import { differencesOf, versionOf } from '../templates/version.ts';
import { runningTemplates } from './preflight.sql.ts';
import type { CampaignDeps } from './preflight.ts';
import { versionChecks } from './version-checks.ts';

/** @returns the campaigns that were paused. */
export async function pauseWhereTemplateChanged(deps: CampaignDeps): Promise<number[]> {
  const paused: number[] = [];
  for (const { id, frozen, current } of await runningTemplates(deps.db, { mode: deps.mode, wabaId: deps.wabaId })) {
    const [before, after] = [parseTemplate(frozen), parseTemplate(current)];
    if (!before.ok || !after.ok) continue;
    const same = { prices: {}, currency: '' };
    const [seen, now] = [versionOf(before.template, {}, same), versionOf(after.template, {}, same)];
    const [check] = versionChecks(id, { seen, now, differences: differencesOf(seen, now) });
    if (check === undefined) continue;
    const reason = { code: 'template', message: check.message } as const;
    paused.push(...(await pauseRunning(deps.db, { scope: 'campaign', campaignId: id }, reason)));
  }
  if (paused.length > 0) deps.recall(paused);
  return paused;
}
