import { z } from 'zod';
import type { ServerDeps } from '../app/server-deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { peopleFacts } from '../campaigns/preflight.sql.ts';
import { Mapping as MappingSchema } from '../campaigns/schema.ts';
import { mustFind } from '../campaigns/stats.ts';
import { noteLook, versionsOf } from '../campaigns/version.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { CampaignParams, filterText, Id, iso, Time } from '../lib/http/schemas.ts';
import { Problem } from '../lib/problem.ts';
import { type Campaign, findCampaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { TEST_MESSAGE } from '../lifecycle/test-send.sql.ts';
import { findRecipient, listRecipients, messageEvents } from '../recipients/recipients.sql.ts';
import { HistorySchema, historyOf, presentRecipient } from '../recipients/schema.ts';
import { checkMapping } from './check-mapping.ts';
import { guessMapping } from './guess-mapping.ts';
import { type Mapping, parseMapping } from './mapping.ts';
import { renderPreview } from './preview.ts';
import { parseTemplate, type Template } from './template.ts';
import { listTemplates, type StoredTemplate, type TemplateFilter } from './templates.sql.ts';
import { languageHelp, templateLanguageName, templateUsable } from './usable.ts';
import { type TemplateVariable, templateVariables } from './variables.ts';

const VariableSchema = z.object({
  key: z.string().describe('What a mapping names'),
  kind: z.string(),
  required: z.boolean(),
  label: z.string(),
  example: z.string().optional(),
  max_length: z.int().optional(),
});

const TemplateSchema = z
  .object({
    name: z.string(),
    language: z.string(),
    language_name: z.string().nullable(),
    meta_id: z.string(),
    status: z.string(),
    category: z.string(),
    quality: z.string(),
    usable: z.boolean().describe('May be sent now'),
    reason: z.string().nullable().describe('Why not, and what to do'),
    variables: z.array(VariableSchema),
    components: z.array(z.unknown()).describe('As Meta gives them'),
    synced_at: Time,
  })
  .meta({ id: 'Template' });

const PreviewSchema = z
  .looseObject({
    body: z.string(),
    buttons: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
    missing: z.array(z.string()),
  })
  .describe('The message as the person will see it; *bold*, _italic_ and the like are left as WhatsApp writes them');

const PreviewAnswer = z.object({
  preview: PreviewSchema,
  mapping: z.record(z.string(), z.unknown()),
  faults: z.array(z.object({ key: z.string(), code: z.string(), message: z.string() })),
});

const ParameterValue = z.union([z.string(), z.number().transform(String)]);

const TestSendSchema = z
  .strictObject({
    template_name: z.string().trim().min(1).max(512),
    template_language: z.string().trim().min(2).max(20),
    to: z.string().trim().min(1).max(40).describe('The phone number'),
    parameters: z
      .union([z.array(ParameterValue), z.record(z.string(), ParameterValue)])
      .default([])
      .describe(
        "A list of the required values, the body's first, then the header's text, the buttons', then the rest in the order of `variables`; or an object by their keys, which takes optional ones too",
      ),
  })
  .meta({
    id: 'TestSend',
    example: { template_name: 'bienvenida', template_language: 'es', to: '+573001234567', parameters: ['Juan', 'Pérez'] },
  });

const TestSendResultSchema = z
  .object({
    status: z.string().describe('The box it is in: accepted, sent, …; unknown = the answer was lost, and it is not repeated'),
    to: z.string(),
    wamid: z.string().nullable(),
    campaign_id: z.int().nullable().describe('Of the hidden campaign that carries it'),
    message_id: z.int().nullable(),
  })
  .meta({ id: 'TestSendResult' });

const TestSendRecord = HistorySchema.omit({ id: true, row: true, data: true, phone: true, replies: true })
  .extend({
    campaign_id: z.int().describe('Of the hidden campaign that carries it, as POST answered'),
    message_id: z.int(),
    to: z.string(),
    template_name: z.string(),
    template_language: z.string(),
    created_by: z.string().nullable(),
    created_at: Time,
  })
  .meta({ id: 'TestSendRecord' });

const Filter = z.object({
  status: filterText(40).optional(),
  category: filterText(40).optional(),
  language: filterText(20).optional(),
  search: filterText(200).optional().describe('Part of the name'),
});

const TemplateListSchema = z.object({ data: z.array(TemplateSchema), total: z.int() });

export function templateRoutes(app: App, deps: ServerDeps): void {
  readRoutes(app, deps);
  sendRoutes(app, deps);
  previewRoutes(app, deps);
}

async function find({ db, campaigns: { mode, wabaId } }: ServerDeps, filter: TemplateFilter): Promise<StoredTemplate[]> {
  return listTemplates(db, { mode, wabaId }, filter);
}

function readRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/v1/templates',
    {
      config: { access: 'read' },
      schema: {
        tags: ['templates'],
        summary: 'Templates, as last synced from Meta',
        querystring: Filter,
        response: { 200: TemplateListSchema },
      },
    },
    async (request) => {
      const data = (await find(deps, request.query)).map(present);
      return { data, total: data.length };
    },
  );

  app.get(
    '/api/v1/templates/:name',
    {
      config: { access: 'read' },
      schema: {
        tags: ['templates'],
        summary: 'One template in all its languages, or in one',
        params: z.object({ name: z.string().min(1).max(512) }),
        querystring: z.object({ language: filterText(20).optional() }),
        response: { 200: TemplateListSchema },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { language } = request.query;
      const all = await find(deps, { name });
      const wanted = language === undefined ? all : all.filter((template) => template.language === language);
      if (wanted.length === 0) throw notFound(name, language, all);
      return { data: wanted.map(present), total: wanted.length };
    },
  );

  app.post(
    '/api/v1/templates/sync',
    {
      config: { access: 'write' },
      schema: { tags: ['templates'], summary: "Fetch Meta's list now", response: { 200: z.object({ templates: z.int() }) } },
    },
    async (request) => {
      const { templates } = await deps.templates.sync();
      await recordAudit(deps.db, actorOf(request), { action: 'template.sync', detail: { templates } });
      return { templates };
    },
  );
}

function sendRoutes(app: App, deps: ServerDeps): void {
  const { db } = deps;
  app.post(
    '/api/v1/templates/send',
    {
      config: { access: 'send', idempotent: true },
      schema: {
        tags: ['templates'],
        summary: 'Send one message to one number, by the road all messages take',
        body: TestSendSchema,
        response: { 200: TestSendResultSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const lost = () => ({
        status: 200,
        body: { status: 'unknown', to: body.to, wamid: null, campaign_id: null, message_id: null },
      });
      return answerOnce(db, request, reply, { lost }, async () => {
        const result = await deps.templates.sendTest(body, actor);
        reply.header('location', `/api/v1/templates/send/${String(result.campaign_id)}`);
        return { status: 200, body: result };
      });
    },
  );

  app.get(
    '/api/v1/templates/send/:campaign_id',
    {
      config: { access: 'read' },
      schema: {
        tags: ['templates'],
        summary: 'What became of a test send',
        description:
          'By the `campaign_id` of its answer (`test_id` where it was refused). Settled by webhooks like every message.',
        params: z.object({ campaign_id: Id }),
        response: { 200: TestSendRecord },
      },
    },
    async (request) => presentTestSend(deps, request.params.campaign_id),
  );
}

/** A test send is a hidden campaign of one person: its record is that person's. */
async function presentTestSend({ db }: ServerDeps, id: number): Promise<z.output<typeof TestSendRecord>> {
  const campaign = await findCampaign(db, id);
  const row = campaign?.kind === 'test' ? await findRecipient(db, id, TEST_MESSAGE) : undefined;
  const sent = campaign === undefined ? undefined : templateOf(campaign);
  if (campaign === undefined || sent === undefined || row === undefined) {
    throw new Problem(
      'not_found',
      `There is no test send ${String(id)}. Look it up by the campaign_id its answer gave; old ones are erased with their people.`,
    );
  }
  const record = presentRecipient(row);
  return {
    ...record,
    campaign_id: id,
    message_id: record.id,
    to: record.phone,
    template_name: sent.name,
    template_language: sent.language,
    created_by: campaign.created_by,
    created_at: iso(campaign.created_at),
    history: historyOf(row, await messageEvents(db, id, TEST_MESSAGE)),
  };
}

function previewRoutes(app: App, deps: ServerDeps): void {
  const { db } = deps;
  app.post(
    '/api/v1/templates/:name/preview',
    {
      config: { access: 'read' },
      schema: {
        tags: ['templates'],
        summary: 'A row as the person will see it',
        params: z.object({ name: z.string().min(1).max(512) }),
        body: z.strictObject({
          language: z.string().min(2).max(20),
          mapping: MappingSchema.optional().describe('Left out: guessed from the columns of the row'),
          row: z.record(z.string(), z.string()).default({}),
        }),
        response: { 200: PreviewAnswer },
      },
    },
    async (request) => {
      const { language, mapping, row } = request.body;
      const template = await usableOrNot(deps, request.params.name, language);
      const columns = Object.keys(row);
      return previewOf(template, { ...guessMapping(template, columns), ...readMapping(mapping ?? {}) }, row, columns);
    },
  );

  app.get(
    '/api/v1/campaigns/:id/preview',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'A real row of the campaign as the person will see it',
        params: CampaignParams,
        querystring: z.object({ recipient_id: Id.optional().describe('Left out: the first one') }),
        response: { 200: PreviewAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const campaign = await mustFind(db, id);
      // Whoever waits in a paused campaign gets the template of now.
      const frozen = campaign.template === null || campaign.status === 'paused' ? undefined : parseTemplate(campaign.template);
      const template = frozen?.ok === true ? frozen.template : await chosenTemplate(deps, campaign);
      const { columns } = await peopleFacts(db, id);
      const after = (request.query.recipient_id ?? 1) - 1;
      const person = (await listRecipients(db, id, { after: { due: '-infinity', id: after }, limit: 1 }))[0];
      if (person === undefined)
        throw new Problem(
          'recipient_not_found',
          'The campaign has no such person yet. Upload a file first, or preview the template alone.',
        );
      const mapping = { ...guessMapping(template, columns), ...readMapping(campaign.mapping) };
      const { now } = await versionsOf(deps.campaigns, campaign, { template, mapping });
      const answer = previewOf(template, mapping, person.data, columns);
      if (answer.faults.length === 0) await noteLook(deps.campaigns, campaign, now, 'look');
      return answer;
    },
  );
}

async function chosenTemplate(deps: ServerDeps, campaign: Campaign): Promise<Template> {
  const chosen = templateOf(campaign);
  if (chosen !== undefined) return usableOrNot(deps, chosen.name, chosen.language);
  throw new Problem('template_not_found', 'The campaign has no template yet. Set its template_name and template_language.');
}

async function usableOrNot(deps: ServerDeps, name: string, language: string): Promise<Template> {
  const all = await find(deps, { name });
  const stored = all.find((template) => template.language === language);
  if (stored === undefined) throw notFound(name, language, all);
  const parsed = parseTemplate(stored.raw);
  if (!parsed.ok) throw new Problem('template_not_usable', parsed.error);
  return parsed.template;
}

function readMapping(raw: unknown): Mapping {
  const parsed = parseMapping(raw);
  if (parsed.ok) return parsed.mapping;
  throw new Problem('invalid_parameters', parsed.faults.map((fault) => fault.message).join(' '), {
    errors: parsed.faults.map((fault) => ({ field: `mapping.${fault.key}`, message: fault.message })),
  });
}

function previewOf(
  template: Template,
  mapping: Mapping,
  row: Readonly<Record<string, string>>,
  columns: readonly string[],
): z.output<typeof PreviewAnswer> {
  const preview = renderPreview(template, mapping, row);
  return {
    preview: { ...preview, buttons: preview.buttons.map((button) => ({ ...button })), missing: [...preview.missing] },
    mapping: { ...mapping },
    faults: checkMapping(template, mapping, columns).map(({ key, code, message }) => ({ key, code, message })),
  };
}

function notFound(name: string, language: string | undefined, all: readonly StoredTemplate[]): Problem {
  const detail =
    language === undefined && all.length === 0
      ? `There is no template "${name}". See the list with GET /api/v1/templates; if it is new at Meta, sync first.`
      : languageHelp(
          name,
          language ?? '',
          all.map((template) => template.language),
        );
  return new Problem('template_not_found', detail);
}

function present(stored: StoredTemplate): z.output<typeof TemplateSchema> {
  const parsed = parseTemplate(stored.raw);
  const usable = templateUsable(stored);
  const components: unknown = stored.raw['components'];
  return {
    name: stored.name,
    language: stored.language,
    language_name: templateLanguageName(stored.language) ?? null,
    meta_id: stored.meta_id,
    status: stored.status,
    category: stored.category,
    quality: stored.quality,
    usable: parsed.ok && usable.ok,
    reason: parsed.ok ? (usable.ok ? null : usable.message) : parsed.error,
    variables: parsed.ok ? templateVariables(parsed.template).map(variableOf) : [],
    components: Array.isArray(components) ? (components as unknown[]) : [],
    synced_at: iso(stored.synced_at),
  };
}

function variableOf({ key, kind, required, label, example, maxLength }: TemplateVariable): z.output<typeof VariableSchema> {
  return {
    key,
    kind,
    required,
    label,
    ...(example === undefined ? {} : { example }),
    ...(maxLength === undefined ? {} : { max_length: maxLength }),
  };
}
