import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerCheck, type Json, type Operation } from '../support/answer-check.ts';
import { openFileDb } from '../support/db.ts';
import { openDoor } from '../support/http.ts';

const door = await openDoor(await openFileDb());
const { document, fits } = check(door.server.swagger());
const id = await door.campaign();
await door.upload(id, 'phone,variable_1,variable_2\n+573001234567,A,B\n');

function check(described: object) {
  const checked = answerCheck(described);
  return { document: checked.document, fits: (schema: Json, value: unknown) => checked.fits(schema, value) };
}

/** Where programs break: at the ends of their numbers, times, texts and trees. */
const ODD_TEXT = [
  '0x1',
  '1e0',
  ' 1',
  '-1',
  '2147483648',
  '9007199254740993',
  '99999999999999999999',
  '9999-12-31T23:59:59-14:00',
  '0000-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '\0',
  '\ud800',
  '%ZZ',
  '..',
  "1'--",
  'ñ😀',
  'x'.repeat(600),
];
const ODD_RAW = ['%ZZ', '%C3', '%00', '%ED%A0%80', '%F0%9F%98%80', '%2F', '%201'];
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 2 ** 31, 2 ** 53, 1e308, [], {}, ...ODD_TEXT),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What fits the schema, mostly; what does not, now and then. */
function of(schema: Json, depth = 0): fc.Arbitrary<unknown> {
  const fitting = fittingOf(schema, depth);
  return fc.oneof({ arbitrary: fitting, weight: 5 }, { arbitrary: odd, weight: 1 });
}

function fittingOf(schema: Json, depth: number): fc.Arbitrary<unknown> {
  const {
    $ref,
    anyOf,
    enum: words,
    type,
    properties,
    required,
    items,
    format,
    minimum,
    maximum,
    example,
  } = schema as {
    $ref?: string;
    anyOf?: Json[];
    enum?: string[];
    type?: string;
    properties?: Record<string, Json>;
    required?: string[];
    items?: Json;
    format?: string;
    minimum?: number;
    maximum?: number;
    example?: unknown;
  };
  if (depth > 4) return fc.constant(null);
  if ($ref !== undefined) return fittingOf(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, depth + 1);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((choice) => of(choice, depth + 1)));
  if (words !== undefined) return fc.constantFrom(...words);
  if (type === 'object' && properties !== undefined) {
    const parts = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, of(part, depth + 1)]));
    const record = fc.record(parts, { requiredKeys: (required ?? []).filter((name) => name in parts) });
    return example === undefined ? record : fc.oneof(fc.constant(example), record);
  }
  if (type === 'array') return fc.array(of(items ?? {}, depth + 1), { maxLength: 3 });
  if (type === 'integer' || type === 'number') {
    const low = minimum ?? -10;
    return fc.oneof(
      fc.constantFrom(low, Math.min(maximum ?? 10, 50)),
      fc.integer({ min: Math.ceil(low), max: Math.max(Math.ceil(low), 9) }),
    );
  }
  if (type === 'boolean') return fc.boolean();
  if (format === 'date-time')
    return fc.constantFrom('2030-01-31T09:00:00Z', '9999-12-31T23:59:59.999Z', '2020-01-01T00:00:00-05:00');
  if (type === 'string') return fc.constantFrom('bienvenida', 'es', '+573001234567', '1', 'A');
  return odd;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Left out: endless by nature, what would end the access of the test itself, and what has a form for a body (its own tests). */
const calls: Call[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, { requestBody }]) => requestBody === undefined || 'application/json' in requestBody.content)
    .filter(
      () => !path.endsWith('/stream') && !path.includes('/auth/') && !path.endsWith('/keys/{id}') && !path.endsWith('/backup'),
    )
    .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const encoded = (value: unknown): string => encodeURIComponent(textOf(value).toWellFormed());

const request = fc.constantFrom(...calls).chain(({ method, path, operation }) => {
  const parameters = operation.parameters ?? [];
  const body = operation.requestBody?.content['application/json']?.schema;
  return fc.record({
    method: fc.constant(method),
    path: fc.constant(path),
    values: fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in !== 'header')
          .map(({ name, schema, in: place }) => {
            const usual =
              place === 'path' && schema['type'] === 'integer' ? fc.constant(String(id)) : fittingOf(schema, 0).map(encoded);
            const strange = fc.oneof(fc.constantFrom(...ODD_RAW), fc.constantFrom(...ODD_TEXT).map(encoded));
            return [name, fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: strange, weight: 1 })];
          }),
      ),
      { requiredKeys: parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name) },
    ),
    body: body === undefined ? fc.constant(undefined) : of(body),
    key: fc.option(fc.uuid(), { nil: undefined }),
  });
});

test('no operation of the document answers with a failure or with something that is not described', async () => {
  assert.ok(calls.length > 50, String(calls.length));
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, values, body, key }) => {
      const inPath = path.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? 'x');
      const query = Object.entries(values)
        .filter(([name]) => !path.includes(`{${name}}`))
        .map(([name, value]) => `${name}=${value}`);
      const headers = key === undefined ? {} : { 'idempotency-key': key };
      // The call itself holds the answer against the document.
      const answer = await door.call(method, `${inPath}${query.length > 0 ? `?${query.join('&')}` : ''}`, {
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } }),
        ...(body === undefined ? { headers } : {}),
      });
      // Nobody stands behind this server as Meta; and a state that is described by its own status (503 of /health/ready) is no failure.
      const isNamed = document.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)] !== undefined;
      assert.ok(
        answer.status < 500 || isNamed || answer.json['code'] === 'meta_unreachable',
        `${method} ${path} -> ${String(answer.status)} ${answer.text.slice(0, 300)}`,
      );
    }),
    { seed: 20_261_201, numRuns: 500 },
  );
});

test('the example of a body fits its schema', () => {
  for (const { path, operation } of calls) {
    const schema = operation.requestBody?.content['application/json']?.schema;
    const named =
      typeof schema?.['$ref'] === 'string' ? document.components.schemas[schema['$ref'].split('/').at(-1) ?? ''] : schema;
    if (named?.['example'] !== undefined) assert.ok(fits(named, named['example']), path);
  }
});
