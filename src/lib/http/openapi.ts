import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { PROBLEM_TYPE } from './errors.ts';
import type { App, OperationDoc } from './fastify-types.ts';
import { finishDocument, type JsonObject } from './openapi-document.ts';
import { ProblemSchema } from './schemas.ts';

/** Any field may be left out: what it says is then found. In this order: what stands behind the file in the form comes too late. */
const UPLOAD_BODY = {
  type: 'object',
  required: ['file'],
  properties: {
    phone_column: { type: 'string', description: 'Column with the phone numbers, when it is not found by itself' },
    country_column: { type: 'string', description: 'Column with the country of each number' },
    default_country: { type: 'string', description: 'Country of numbers that do not say theirs, as CO' },
    encoding: { type: 'string', description: 'How the bytes of a text file are read, as utf-8 or windows-1252' },
    delimiter: { type: 'string', enum: ['comma', 'semicolon', 'tab', 'pipe'] },
    sheet: { type: 'string', description: 'Of a workbook: the sheet with the list' },
    heading_row: { type: 'integer', minimum: 0, description: 'Line of the heading; 0 = the file has none' },
    file: {
      type: 'string',
      format: 'binary',
      description:
        'CSV, separated by commas, semicolons, tabs or |, in UTF-8, UTF-16, Windows-1252 or another encoding; a workbook of Excel (.xlsx) or LibreOffice (.ods), by the values of its formulas. An old workbook (.xls) is refused with advice. It comes after the other fields',
    },
  },
};

const PROBLEM_REF = { $ref: `#/components/schemas/${ProblemSchema.meta()?.id ?? ''}` };

/** What may come back from any operation; which of them do is told there. */
const REFUSALS = {
  400: ['BadRequest', 'Not valid: what is wrong stands in `detail`, field by field in `errors`'],
  401: ['NotAuthenticated', 'No key, or one that does not open anything (any more)'],
  403: ['NotAllowed', 'The key or the person may not do this'],
  404: ['NotFound', 'There is no such thing'],
  409: ['Conflict', 'Not possible in the state things are in'],
  413: ['TooLarge', 'The body is larger than this address takes'],
  415: ['WrongType', 'This address does not take a body of this Content-Type'],
  422: ['Unprocessable', 'Understood, but it cannot be done with this content'],
  429: ['TooMany', 'Too often; `Retry-After` says when to come back'],
  default: ['Refusal', 'Any other refusal or failure, with the reason and what to do'],
} as const satisfies Record<string, readonly [name: string, description: string]>;

const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };

const HEADERS: JsonObject = {
  RequestId: {
    description: 'The number this request has in the log; also `request_id` of a refusal',
    schema: { type: 'string' },
  },
  RetryAfter: { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } },
  WwwAuthenticate: { description: 'Bearer', schema: { type: 'string' } },
  IdempotencyReplayed: {
    description: '`true` where this is the answer to an earlier request with the same Idempotency-Key',
    schema: { type: 'string', enum: ['true'] },
  },
  ContentDisposition: { description: 'The name to save it under', schema: { type: 'string' } },
};

const RESPONSES: JsonObject = Object.fromEntries(
  Object.entries(REFUSALS).map(([status, [name, description]]) => {
    const further =
      status === '401'
        ? { 'WWW-Authenticate': { $ref: '#/components/headers/WwwAuthenticate' } }
        : status === '429' || status === 'default'
          ? { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }
          : {};
    return [name, { description, headers: { ...REQUEST_ID, ...further }, content: { [PROBLEM_TYPE]: { schema: PROBLEM_REF } } }];
  }),
);

export interface ApiDescription {
  readonly appName: string;
  readonly version: string;
  readonly publicUrl: string | undefined;
}

/** The OpenAPI document, from what the routes say of themselves. */
export async function describeApi(app: App, options: ApiDescription): Promise<void> {
  const responses = new Map<string, JsonObject>();
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: options.appName,
        version: options.version,
        description:
          'WhatsApp template campaigns. Keys travel as `Authorization: Bearer …`; refusals are `application/problem+json` with a stable `code`. See docs/api.md.',
        contact: { name: options.appName },
        license: { name: 'MIT', identifier: 'MIT' },
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
      const { config = {}, method: methods } = route.route;
      const { access, describe } = config;
      if (access === undefined || route.schema.hide === true) return { ...done, schema: { hide: true } };
      const method = String([methods].flat()[0]);
      const schema: Record<string, unknown> = { ...done.schema };
      schema['operationId'] = operationId(method, done.url);
      schema['security'] =
        access === 'public' ? [] : [{ key: [] }, { session: [] }, ...(config.ticket === true ? [{ ticket: [] }] : [])];
      const about = typeof schema['description'] === 'string' ? `${schema['description']}\n\n` : '';
      schema['description'] = access === 'public' ? `${about}Needs no key.` : `${about}Needs the right \`${access}\`.`;
      if (config.idempotent === true) schema['headers'] = IDEMPOTENCY_HEADER;
      if (config.upload === true) {
        schema['consumes'] = ['multipart/form-data'];
        schema['body'] = UPLOAD_BODY;
      }
      for (const part of ['querystring', 'headers', 'body'] as const)
        if (describe?.[part] !== undefined) schema[part] = describe[part];
      Reflect.deleteProperty(schema, 'produces');
      responses.set(schema['operationId'] as string, {
        ...answersOf(done.schema['response'] ?? {}, describe, config.idempotent === true),
        ...refusalsOf(method, { isPublic: access === 'public', hasParameter: done.url.includes(':') || done.url.includes('{') }),
      });
      schema['response'] = {};
      return { schema, url: done.url };
    },
    transformObject: (document) =>
      finishDocument(jsonSchemaTransformObject(document), { responses: RESPONSES, headers: HEADERS, of: responses }),
  });
}

/** What comes back when it is done. */
function answersOf(given: object, describe: OperationDoc | undefined, isIdempotent: boolean): JsonObject {
  const headers = {
    ...REQUEST_ID,
    ...(isIdempotent ? { 'Idempotency-Replayed': { $ref: '#/components/headers/IdempotencyReplayed' } } : {}),
  };
  const answers = Object.entries(given).map(([status, schema]: [string, { description?: string }]): [string, unknown] => {
    const { description = 'Done', ...shape } = schema;
    const content = status === '204' ? {} : { content: { 'application/json': { schema: shape } } };
    return [status, { description: '$ref' in shape ? 'Done' : description, headers, ...content }];
  });
  if (describe?.answer !== undefined) {
    const { type, description, schema, filename } = describe.answer;
    const saved = filename === true ? { 'Content-Disposition': { $ref: '#/components/headers/ContentDisposition' } } : {};
    answers.push(['200', { description, headers: { ...headers, ...saved }, content: { [type]: { schema } } }]);
  }
  return Object.fromEntries(answers) as JsonObject;
}

function refusalsOf(method: string, { isPublic, hasParameter }: { isPublic: boolean; hasParameter: boolean }): JsonObject {
  const changes = method !== 'GET' && method !== 'HEAD';
  const left = (status: string): boolean =>
    (status === '401' && isPublic && !changes) ||
    (status === '404' && !hasParameter && !changes) ||
    (['409', '413', '415', '422'].includes(status) && !changes && !(hasParameter && (status === '409' || status === '422')));
  return Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => !left(status))
      .map(([status, [name]]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}

const IDEMPOTENCY_HEADER = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      pattern: '^[!-~]{1,255}$',
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
  ['costs', 'Rate cards, what is spent and what may be'],
  ['system', 'Health, status, emergency stop'],
  ['access', 'Logins, people, keys and the audit trail'],
] as const;

/** `get_campaigns_id_stats`: stable, and a name for whoever generates a client. */
function operationId(method: string, url: string): string {
  const path = url
    .replace(/^\/api\/v1/, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  return `${method.toLowerCase()}_${path}`;
}
