import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { PROBLEM_TYPE } from './errors.ts';
import type { App } from './fastify-types.ts';
import { ProblemSchema } from './schemas.ts';

/** Any field may be left out: what it says is then found. */
const UPLOAD_BODY = {
  type: 'object',
  required: ['file'],
  properties: {
    file: {
      type: 'string',
      format: 'binary',
      description:
        'CSV, separated by commas, semicolons, tabs or |, in UTF-8, UTF-16, Windows-1252 or another encoding; a workbook of Excel (.xlsx) or LibreOffice (.ods), by the values of its formulas. An old workbook (.xls) is refused with advice',
    },
    phone_column: { type: 'string', description: 'Column with the phone numbers, when it is not found by itself' },
    country_column: { type: 'string', description: 'Column with the country of each number' },
    default_country: { type: 'string', description: 'Country of numbers that do not say theirs, as CO' },
    encoding: { type: 'string', description: 'How the bytes of a text file are read, as utf-8 or windows-1252' },
    delimiter: { type: 'string', enum: ['comma', 'semicolon', 'tab', 'pipe'] },
    sheet: { type: 'string', description: 'Of a workbook: the sheet with the list' },
    heading_row: { type: 'integer', minimum: 0, description: 'Line of the heading; 0 = the file has none' },
  },
};

/** OpenAPI 3.1 from the very schemas that validate. Rights, problems and headers are added here, so that no route can forget them. */
export async function describeApi(
  app: App,
  options: { readonly appName: string; readonly version: string; readonly publicUrl: string | undefined },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: options.appName,
        version: options.version,
        description:
          'WhatsApp template campaigns. Keys travel as `Authorization: Bearer …`; refusals are `application/problem+json` with a stable `code`. See docs/api.md.',
      },
      servers: [{ url: options.publicUrl ?? '/' }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key' },
          session: { type: 'apiKey', in: 'cookie', name: 'wasend_session', description: 'A person who has logged in' },
          ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'One event stream, once, within a minute' },
        },
      },
      tags: TAGS.map(([name, description]) => ({ name, description })),
    },
    transform: (route) => {
      const done = jsonSchemaTransform(route);
      const access = route.route.config?.access;
      if (access === undefined || route.schema.hide === true) return { ...done, schema: { hide: true } };
      const schema: Record<string, unknown> = { ...done.schema };
      schema['operationId'] = operationId(route.route.method, done.url);
      schema['security'] =
        access === 'public'
          ? []
          : [{ key: [] }, { session: [] }, ...(route.route.config?.ticket === true ? [{ ticket: [] }] : [])];
      const about = typeof schema['description'] === 'string' ? `${schema['description']}\n\n` : '';
      schema['description'] = access === 'public' ? `${about}Needs no key.` : `${about}Needs the right \`${access}\`.`;
      if (route.route.config?.idempotent === true) schema['headers'] = IDEMPOTENCY_HEADER;
      if (route.route.config?.upload === true) {
        schema['consumes'] = ['multipart/form-data'];
        schema['body'] = UPLOAD_BODY;
      }
      const response = schema['response'];
      const problem = {
        description: 'A refusal, with the reason and what to do',
        content: { [PROBLEM_TYPE]: { schema: { $ref: `#/components/schemas/${ProblemSchema.meta()?.id ?? ''}` } } },
      };
      schema['response'] = { ...(typeof response === 'object' ? response : {}), '4xx': problem, '5xx': problem };
      return { schema, url: done.url };
    },
    transformObject: (document) => tidied(jsonSchemaTransformObject(document)),
  });
}

const IDEMPOTENCY_HEADER = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'The same key gives the first answer again instead of doing it twice; kept for 7 days',
    },
  },
};

const TAGS = [
  ['campaigns', 'Make, start and follow campaigns'],
  ['recipients', 'Who is written to, and what became of each message'],
  ['templates', "Meta's approved templates"],
  ['events', 'Live updates (server-sent events)'],
  ['webhooks', 'What Meta posts'],
  ['people', 'Opt-outs and replies'],
  ['system', 'Health, status, emergency stop'],
  ['access', 'Logins, people, keys and the audit trail'],
] as const;

/** `get_campaigns_id_stats`: stable, and a name for whoever generates a client. */
function operationId(method: string | readonly string[], url: string): string {
  const path = url
    .replace(/^\/api\/v1/, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  return `${String([method].flat()[0]).toLowerCase()}_${path}`;
}

/**
 * Each named shape comes twice, as it is sent and as it is answered. Of those that are used in one way only, one remains, under
 * its plain name.
 */
function tidied<T extends object>(document: T): T {
  let text = JSON.stringify(document).replaceAll('"Default Response"', '"Done"');
  const parsed = JSON.parse(text) as { paths?: unknown; components?: { schemas?: Record<string, unknown> } };
  const schemas = parsed.components?.schemas ?? {};
  const used = new Set(referred(parsed.paths));
  // A set that grows while it is walked: what a used shape refers to is used as well.
  for (const name of used) for (const next of referred(schemas[name])) used.add(next);
  for (const name of Object.keys(schemas)) if (!used.has(name)) Reflect.deleteProperty(schemas, name);
  text = JSON.stringify(parsed);
  for (const name of used) {
    const plain = name.replace(/Input$/, '');
    if (plain === name || used.has(plain)) continue;
    text = text
      .replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/${plain}"`)
      .replaceAll(`"${name}":`, `"${plain}":`);
  }
  return JSON.parse(text) as T;
}

function referred(part: unknown): string[] {
  return [...(part === undefined ? '' : JSON.stringify(part)).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    (match) => match[1] ?? '',
  );
}
