/** Create, change, duplicate, delete: what happens to a campaign before anything has left. Each one statement or transaction. */
import { Problem } from '../domain/problem.ts';
import { parseMapping } from '../domain/template-mapping.ts';
import { languageHelp } from '../domain/template-usable.ts';
import { type Campaign, type CampaignChanges, changeCampaign, deleteCampaign, insertCampaign } from '../store/campaigns.ts';
import { listTemplates } from '../store/templates.ts';
import type { CampaignDeps } from './deps.ts';
import { mustFind, wrongState } from './view.ts';

export interface CampaignInput {
  readonly name: string;
  readonly template_name: string;
  readonly template_language: string;
  readonly description?: string | null | undefined;
  readonly batch_size?: number | null | undefined;
  /** Seconds. */
  readonly delay_between_batches?: number | null | undefined;
  readonly messages_per_second?: number | null | undefined;
  readonly mapping?: unknown;
}

/** Undefined = not named. */
export type CampaignEdit = { readonly [K in keyof CampaignInput]?: CampaignInput[K] | undefined };

export async function createCampaign(deps: CampaignDeps, input: CampaignInput, createdBy: string | null): Promise<Campaign> {
  await requireTemplate(deps, input.template_name, input.template_language);
  return insertCampaign(deps.db, {
    kind: 'campaign',
    name: input.name,
    description: input.description ?? null,
    mode: deps.mode,
    phone_number_id: deps.phoneNumberId,
    template_name: input.template_name,
    template_language: input.template_language,
    mapping: readMapping(input.mapping ?? {}),
    batch_size: input.batch_size ?? deps.defaults.batchSize ?? null,
    delay_between_batches: input.delay_between_batches ?? deps.defaults.delayBetweenBatches,
    messages_per_second: input.messages_per_second ?? null,
    currency: deps.price(new Date()).currency,
    created_by: createdBy,
  });
}

/** Changes only the fields that are named; only while the campaign is a draft or scheduled. */
export async function updateCampaign(deps: CampaignDeps, id: number, changes: CampaignEdit): Promise<Campaign> {
  const before = await mustFind(deps.db, id);
  const name = changes.template_name ?? before.template_name;
  const language = changes.template_language ?? before.template_language;
  if (name !== before.template_name || language !== before.template_language) await requireTemplate(deps, name, language);
  const { mapping, delay_between_batches: delay, ...rest } = changes;
  const named: CampaignChanges = {
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as CampaignChanges),
    ...(delay === undefined ? {} : { delay_between_batches: delay ?? 0 }),
    ...(mapping === undefined ? {} : { mapping: readMapping(mapping) }),
  };
  const changed = await changeCampaign(deps.db, id, named);
  if (changed === undefined) throw wrongState(await mustFind(deps.db, id), 'change', ['draft', 'scheduled']);
  return changed;
}

/** A new draft with the same settings and no recipients, in the mode and on the number of now. */
export async function duplicateCampaign(
  deps: CampaignDeps,
  id: number,
  name: string | undefined,
  createdBy: string | null,
): Promise<Campaign> {
  const original = await mustFind(deps.db, id);
  return createCampaign(deps, { ...original, name: name ?? `${original.name.slice(0, 190)} (2)` }, createdBy);
}

/** Deletes a campaign that has sent nothing. */
export async function removeCampaign(deps: CampaignDeps, id: number): Promise<void> {
  const campaign = await mustFind(deps.db, id);
  if (await deleteCampaign(deps.db, id)) return;
  if (campaign.status === 'running' || campaign.status === 'paused')
    throw wrongState(campaign, 'delete', ['draft', 'scheduled', 'cancelled']);
  throw new Problem(
    'campaign_has_sent',
    'The campaign has sent messages; its record is kept, so that it can always be said what became of each. Only a campaign that has sent nothing can be deleted.',
  );
}

function readMapping(raw: unknown): Readonly<Record<string, unknown>> {
  const parsed = parseMapping(raw);
  if (parsed.ok) return parsed.mapping;
  throw new Problem('invalid_parameters', parsed.faults.map((fault) => fault.message).join(' '), {
    errors: parsed.faults.map((fault) => ({
      field: fault.key === '' ? 'mapping' : `mapping.${fault.key}`,
      message: fault.message,
    })),
  });
}

async function requireTemplate(deps: CampaignDeps, name: string, language: string): Promise<void> {
  const found = await listTemplates(deps.db, { mode: deps.mode, wabaId: deps.wabaId }, { name });
  if (found.some((template) => template.language === language)) return;
  throw new Problem(
    'template_not_found',
    languageHelp(
      name,
      language,
      found.map((template) => template.language),
    ),
    { errors: [{ field: found.length === 0 ? 'template_name' : 'template_language', message: 'no such template' }] },
  );
}
