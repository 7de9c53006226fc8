/** Create, change, duplicate, delete: what happens to a campaign before anything has left. Each one statement or transaction. */

import { recordAudit } from '../audit/record-audit.ts';
import { type Actor, requireRight } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import {
  type Campaign,
  type CampaignChanges,
  changeCampaign,
  deleteCampaign,
  insertCampaign,
  lockCampaign,
  moveCampaign,
  type NewCampaign,
} from '../lifecycle/campaign.sql.ts';
import { campaignNotFound, getCampaign, wrongState } from '../lifecycle/get-campaign.ts';
import type { LookedAt } from '../lifecycle/looked-at.ts';
import { decimalOf, microsOf } from '../pricing/money.ts';
import { peopleFacts } from '../recipients/people-facts.sql.ts';
import { checkMapping } from '../templates/check-mapping.ts';
import { effectiveMapping } from '../templates/effective-mapping.ts';
import { type Mapping, type MappingFault, parseMapping } from '../templates/mapping.ts';
import { parseTemplate } from '../templates/template.ts';
import { listTemplates, type StoredTemplate } from '../templates/templates.sql.ts';
import { languageHelp } from '../templates/usable.ts';
import { versionOf } from '../templates/version.ts';
import type { CampaignDeps } from './preflight.ts';

export interface CampaignInput {
  readonly name: string;
  /** Undefined with the language: chosen later. */
  readonly template_name?: string | null | undefined;
  readonly template_language?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly batch_size?: number | null | undefined;
  /** Seconds. */
  readonly delay_between_batches?: number | null | undefined;
  readonly messages_per_second?: number | null | undefined;
  /** In `currency`, as text: 250 or 0.0125. */
  readonly budget?: string | null | undefined;
  readonly mapping?: unknown;
}

/** Undefined = not named. */
export type CampaignEdit = { readonly [K in keyof CampaignInput]?: CampaignInput[K] | undefined };

export async function createCampaign(deps: CampaignDeps, input: CampaignInput, actor: Actor): Promise<Campaign> {
  const mapping = readMapping(input.mapping ?? {});
  const chosen = chosenIn(input);
  if (chosen !== undefined) refuseUnknown(await requireTemplate(deps, chosen), mapping, undefined);
  const draft = draftOf(deps, { ...input, mapping }, actor);
  return deps.db.tx(async (sql) => {
    const made = await insertCampaign(sql, draft);
    await recordAudit(sql, actor, { action: 'campaign.create', campaignId: made.id, detail: { name: input.name } });
    return made;
  });
}

function draftOf(
  deps: CampaignDeps,
  input: CampaignInput & { readonly mapping: Readonly<Record<string, unknown>> },
  actor: Actor,
): NewCampaign {
  return {
    kind: 'campaign',
    name: input.name,
    description: input.description ?? null,
    mode: deps.mode,
    phone_number_id: deps.phoneNumberId,
    template_name: input.template_name ?? null,
    template_language: input.template_language ?? null,
    mapping: input.mapping,
    batch_size: input.batch_size ?? deps.defaults.batchSize ?? null,
    delay_between_batches: input.delay_between_batches ?? deps.defaults.delayBetweenBatches,
    messages_per_second: input.messages_per_second ?? null,
    budget_micros: microsOfBudget(input.budget),
    currency: deps.price(new Date()).currency,
    created_by: actor.name,
  };
}

export interface CampaignUpdate {
  readonly id: number;
  readonly changes: CampaignEdit;
  /** Takes a schedule back in the same transaction, before anything is changed. */
  readonly unschedule: boolean;
}

/**
 * Changes only the fields that are named; only while the campaign is a draft or scheduled. What starts by itself needs more rights
 * than a draft, and is looked at as it is when it changes.
 */
export async function updateCampaign(
  deps: CampaignDeps,
  { id, changes, unschedule }: CampaignUpdate,
  actor: Actor,
): Promise<Campaign> {
  const before = await getCampaign(deps.db, id);
  const chosen = chosenIn({
    template_name: changes.template_name === undefined ? before.template_name : changes.template_name,
    template_language:
      changes.template_name === null ? changes.template_language : (changes.template_language ?? before.template_language),
  });
  const { mapping: given, delay_between_batches: delay, budget, ...rest } = changes;
  const isOther =
    chosen?.name !== (before.template_name ?? undefined) || chosen?.language !== (before.template_language ?? undefined);
  // Of another template the same keys mean other things: what was mapped for the old one is not taken over.
  const isCleared = given === undefined && before.template_name !== null && chosen?.name !== before.template_name;
  const mapping = given === undefined ? (isCleared ? {} : undefined) : readMapping(given);
  let looked: unknown;
  if (chosen !== undefined && (isOther || mapping !== undefined)) {
    const template = isOther ? await requireTemplate(deps, chosen) : await findTemplate(deps, chosen);
    const { files, columns } = await peopleFacts(deps.db, id);
    refuseUnknown(template, mapping ?? readMapping(before.mapping), files.length === 0 ? undefined : columns);
    if (given !== undefined && template !== undefined)
      looked = lookedAfterMapping(before, { template, mapping, columns, isOther });
  }
  const named: CampaignChanges = {
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as CampaignChanges),
    ...(delay === undefined ? {} : { delay_between_batches: delay ?? 0 }),
    ...(mapping === undefined ? {} : { mapping }),
    ...(budget === undefined ? {} : { budget_micros: microsOfBudget(budget) }),
    ...(looked === undefined ? {} : { looked_at: looked }),
    ...(isOther ? { template_name: chosen?.name ?? null, template_language: chosen?.language ?? null } : {}),
  };
  const changed = await deps.db.tx(async (sql) => {
    const campaign = await lockCampaign(sql, id);
    if (campaign === undefined) throw campaignNotFound(id);
    const { status } = (unschedule ? await moveCampaign(sql, id, 'unschedule') : undefined) ?? campaign;
    if (status === 'scheduled') requireRight(actor, 'send', say('server.campaigns.changing-starts-by-itself'));
    if (budget !== undefined && status !== 'draft') requireRight(actor, 'send', say('server.campaigns.changing-budget'));
    const done = await changeCampaign(sql, id, named);
    if (done !== undefined)
      await recordAudit(sql, actor, { action: 'campaign.change', campaignId: id, detail: { fields: Object.keys(named) } });
    return done;
  });
  if (changed === undefined) throw wrongState(await getCampaign(deps.db, id), 'change', ['draft', 'scheduled']);
  return changed;
}

/**
 * Who gives a mapping has decided about it; about text, category and price only who has seen them. With another template and its
 * mapping in one request everything was decided anew.
 *
 * @returns undefined when there is nothing to note.
 */
function lookedAfterMapping(
  { looked_at: before }: Campaign,
  now: {
    readonly template: StoredTemplate;
    readonly mapping: Mapping | undefined;
    readonly columns: readonly string[];
    readonly isOther: boolean;
  },
): unknown {
  const parsed = parseTemplate(now.template.raw);
  if (before === null || !parsed.ok) return undefined;
  if (now.isOther) return null;
  const looked = before as LookedAt;
  const { mapping } = effectiveMapping(parsed.template, now.mapping, now.columns);
  const { version } = looked;
  return { ...looked, version: { ...version, mapping: versionOf(parsed.template, mapping, version).mapping } };
}

/** A new draft with the same settings and no recipients, in the mode and on the number of now. */
export async function duplicateCampaign(
  deps: CampaignDeps,
  { id, name }: { readonly id: number; readonly name: string | undefined },
  actor: Actor,
): Promise<Campaign> {
  const original = await getCampaign(deps.db, id);
  const chosen = chosenIn(original);
  if (chosen !== undefined) await requireTemplate(deps, chosen);
  // The mapping as it is, also where the template has changed since: there are no people yet, and the preflight tells.
  const draft = draftOf(
    deps,
    { ...original, budget: budgetOf(original), name: name ?? `${original.name.slice(0, 190)} (2)` },
    actor,
  );
  return deps.db.tx(async (sql) => {
    const made = await insertCampaign(sql, draft);
    await recordAudit(sql, actor, { action: 'campaign.duplicate', campaignId: made.id, detail: { of: id } });
    return made;
  });
}

function budgetOf({ budget_micros: micros }: Campaign): string | null {
  return micros === null ? null : decimalOf(micros);
}

/** Deletes a campaign that has sent nothing. */
export async function removeCampaign(deps: CampaignDeps, id: number, actor: Actor): Promise<void> {
  const campaign = await getCampaign(deps.db, id);
  const gone = await deps.db.tx(async (sql) => {
    const done = await deleteCampaign(sql, id);
    if (done) await recordAudit(sql, actor, { action: 'campaign.delete', campaignId: id, detail: { name: campaign.name } });
    return done;
  });
  if (gone) return;
  if (campaign.status === 'running' || campaign.status === 'paused')
    throw wrongState(campaign, 'delete', ['draft', 'scheduled', 'cancelled']);
  throw new Problem('campaign_has_sent', say('server.campaigns.campaign-sent-messages'));
}

function microsOfBudget(budget: string | null | undefined): number | null {
  return budget === undefined || budget === null ? null : (microsOf(budget) ?? null);
}

function readMapping(raw: unknown): Mapping {
  const parsed = parseMapping(raw);
  if (parsed.ok) return parsed.mapping;
  throw wrongMapping(parsed.faults);
}

/**
 * Refuses what no later file or guess could put right: variables of another template, and columns that none of the files on the
 * list has. What is still open is left open. A template that cannot be read is told by the preflight.
 *
 * @param columns undefined while there is no file.
 */
function refuseUnknown(template: StoredTemplate | undefined, mapping: Mapping, columns: readonly string[] | undefined): void {
  const parsed = template === undefined ? undefined : parseTemplate(template.raw);
  if (parsed?.ok !== true) return;
  const faults = checkMapping(parsed.template, mapping, columns ?? []).filter(
    ({ code }) => code === 'key_unknown' || (code === 'column_missing' && columns !== undefined),
  );
  if (faults.length > 0) throw wrongMapping(faults);
}

function wrongMapping(faults: readonly MappingFault[]): Problem {
  return new Problem(
    'invalid_parameters',
    faults.map((fault) => fault.message),
    {
      errors: faults.map((fault) => ({
        field: fault.key === '' ? 'mapping' : `mapping.${fault.key}`,
        message: fault.message,
      })),
    },
  );
}

interface Chosen {
  readonly name: string;
  readonly language: string;
}

/** A template is named by its name and its language: both, or neither for a draft that chooses later. */
function chosenIn({ template_name: name, template_language: language }: Partial<CampaignInput>): Chosen | undefined {
  if (typeof name === 'string' && typeof language === 'string') return { name, language };
  if (typeof name !== 'string' && typeof language !== 'string') return undefined;
  const missing = typeof name === 'string' ? 'template_language' : 'template_name';
  throw new Problem('invalid_request', say('server.campaigns.required-template-named', { missing }), {
    errors: [{ field: missing, message: say('server.http.required') }],
  });
}

async function findTemplate(deps: CampaignDeps, { name, language }: Chosen): Promise<StoredTemplate | undefined> {
  return (await listTemplates(deps.db, { mode: deps.mode, wabaId: deps.wabaId }, { name, language }))[0];
}

async function requireTemplate(deps: CampaignDeps, { name, language }: Chosen): Promise<StoredTemplate> {
  const found = await listTemplates(deps.db, { mode: deps.mode, wabaId: deps.wabaId }, { name });
  const template = found.find((candidate) => candidate.language === language);
  if (template !== undefined) return template;
  throw new Problem(
    'template_not_found',
    languageHelp(
      name,
      language,
      found.map((candidate) => candidate.language),
    ),
    {
      errors: [
        { field: found.length === 0 ? 'template_name' : 'template_language', message: say('server.campaigns.such-template') },
      ],
    },
  );
}
