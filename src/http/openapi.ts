import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { PROBLEM_TYPE } from './errors.ts';
import type { App } from './fastify-types.ts';

const UPLOAD_BODY = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'CSV (any delimiter, UTF-8, UTF-16 or Windows-1252) or .xlsx; the fields below come before it' },
    phone_column: { type: 'string', description: 'Column with the phone numbers, when it is not found by itself' },
  },
};

/** OpenAPI 3.1 from the very schemas that validate. Rights, problems and headers are added here, so that no route can forget them. */
export async function describeApi(app: App, options: { readonly appName: string; readonly version: string; readonly publicUrl: string | undefined }): Promise<void> {
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
      if (route.schema === undefined || access === undefined || route.schema.hide === true) return { ...done, schema: { hide: true } };
      const schema: Record<string, unknown> = { ...done.schema };
      schema['security'] = access === 'public' ? [] : [{ key: [] }, { session: [] }, ...(route.route.config?.ticket === true ? [{ ticket: [] }] : [])];
      const about = typeof schema['description'] === 'string' ? `${schema['description']}\n\n` : '';
      schema['description'] = access === 'public' ? `${about}Needs no key.` : `${about}Needs the right \`${access}\`.`;
      if (route.route.config?.idempotent === true) schema['headers'] = IDEMPOTENCY_HEADER;
      if (route.route.config?.upload === true) {
        schema['consumes'] = ['multipart/form-data'];
        schema['body'] = UPLOAD_BODY;
      }
      const response = schema['response'];
      const problem = { description: 'A refusal, with the reason and what to do', content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } };
      schema['response'] = { ...(typeof response === 'object' ? response : {}), '4xx': problem, '5xx': problem };
      return { schema, url: done.url };
    },
    transformObject: jsonSchemaTransformObject,
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
