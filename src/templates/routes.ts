import { z } from 'zod';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { filterText, iso } from '../lib/http/schemas.ts';
import { previewTemplate, templateNotFound } from './preview-template.ts';
import { CATEGORIES, known, Mapping, PreviewAnswer, QUALITIES, STATUSES, TemplateSchema, type VariableSchema } from './schema.ts';
import { type SyncTemplatesDeps, syncOnRequest } from './sync.ts';
import { parseTemplate } from './template.ts';
import { listTemplates, type StoredTemplate } from './templates.sql.ts';
import { templateLanguageName, templateUsable } from './usable.ts';
import { type TemplateVariable, templateVariables } from './variables.ts';

const Filter = z.object({
  status: filterText(40).optional(),
  category: filterText(40).optional(),
  language: filterText(20).optional(),
  search: filterText(200).optional().describe('Part of the name'),
});

const TemplateListSchema = z.object({ data: z.array(TemplateSchema), total: z.int() });

export function templateRoutes(app: App, deps: SyncTemplatesDeps): void {
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
      const data = (await listTemplates(deps.db, deps, request.query)).map(present);
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
      const all = await listTemplates(deps.db, deps, { name });
      const wanted = language === undefined ? all : all.filter((template) => template.language === language);
      if (wanted.length === 0) throw templateNotFound(name, language, all);
      return { data: wanted.map(present), total: wanted.length };
    },
  );

  app.post(
    '/api/v1/templates/sync',
    {
      config: { access: 'write' },
      schema: { tags: ['templates'], summary: "Fetch Meta's list now", response: { 200: z.object({ templates: z.int() }) } },
    },
    async (request) => syncOnRequest(deps, actorOf(request)),
  );

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
          mapping: Mapping.optional().describe('Left out: guessed from the columns of the row'),
          row: z.record(z.string(), z.string()).default({}),
        }),
        response: { 200: PreviewAnswer },
      },
    },
    async (request) => {
      const { language, mapping, row } = request.body;
      return previewTemplate(deps, { name: request.params.name, language, mapping, row });
    },
  );
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
    status: known(STATUSES, stored.status),
    category: known(CATEGORIES, stored.category),
    quality: known(QUALITIES, stored.quality),
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
