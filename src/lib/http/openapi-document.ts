/** The last hand on the OpenAPI document: shapes named once, every answer of every operation said, nothing said twice. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = Record<string, Json>;

export interface Operation extends JsonObject {
  operationId: string;
  responses: JsonObject;
}

const SCHEMA_REF = '#/components/schemas/';
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];
/** The bounds zod gives to each whole number: those of JavaScript, which say nothing of ours. */
const SAFE = Number.MAX_SAFE_INTEGER;

export interface Shared {
  readonly responses: JsonObject;
  readonly headers: JsonObject;
  /** By operationId. */
  readonly of: ReadonlyMap<string, JsonObject>;
}

export function finishDocument(generated: object, shared: Shared): object {
  const whole = JSON.parse(JSON.stringify(generated)) as JsonObject;
  for (const operation of operationsOf(whole)) operation.responses = { ...shared.of.get(operation.operationId) };
  const document = tidied(whole, shared.responses);
  const components = objectOf(document['components']);
  const schemas = objectOf(components['schemas']);
  for (const [name, schema] of Object.entries(schemas)) schemas[name] = extended(schema, schemas, name);
  for (const operation of operationsOf(document)) {
    optionalBody(operation);
    operation.responses = objectOf(extended(operation.responses, schemas));
  }
  components['responses'] = shared.responses;
  components['headers'] = shared.headers;
  return document;
}

export function operationsOf(document: JsonObject): Operation[] {
  return Object.values(objectOf(document['paths'])).flatMap((path) =>
    Object.entries(objectOf(path))
      .filter(([method]) => METHODS.includes(method))
      .map(([, operation]) => operation as Operation),
  );
}

/**
 * Each named shape comes twice, as it is sent and as it is answered. Of those that are used in one way only, one remains, under
 * its plain name.
 */
function tidied(document: JsonObject, refusals: JsonObject): JsonObject {
  const schemas = objectOf(objectOf(document['components'])['schemas']);
  const used = new Set([...referred(document['paths']), ...referred(refusals)]);
  // A set that grows while it is walked: what a used shape refers to is used as well.
  for (const name of used) for (const next of referred(schemas[name])) used.add(next);
  for (const name of Object.keys(schemas)) {
    if (!used.has(name)) Reflect.deleteProperty(schemas, name);
    // Whoever reads an answer must bear a field that comes later; whoever sends a body must not misspell one.
    else schemas[name] = plain(schemas[name] ?? null, !name.endsWith('Input'));
  }
  for (const operation of operationsOf(document)) {
    operation.responses = objectOf(plain(operation.responses, true));
    for (const part of ['requestBody', 'parameters']) {
      const value = operation[part];
      if (value !== undefined) operation[part] = plain(value, false);
    }
  }
  let text = JSON.stringify(document).replaceAll('"Default Response"', '"Done"');
  for (const name of used) {
    const short = name.replace(/Input$/, '');
    if (short === name || used.has(short)) continue;
    text = text.replaceAll(`"${SCHEMA_REF}${name}"`, `"${SCHEMA_REF}${short}"`).replaceAll(`"${name}":`, `"${short}":`);
  }
  return JSON.parse(text) as JsonObject;
}

/** Without what only repeats: a pattern beside a format, the bounds of every whole number, the names of a record. */
function plain(part: Json, isAnswer: boolean): Json {
  if (Array.isArray(part)) return part.map((each) => plain(each, isAnswer));
  if (typeof part !== 'object' || part === null) return part;
  const kept = Object.entries(part).filter(
    ([key, value]) =>
      !(key === 'pattern' && part['format'] === 'date-time') &&
      !(key === 'minimum' && value === -SAFE) &&
      !(key === 'maximum' && value === SAFE) &&
      !(key === 'propertyNames' && JSON.stringify(value) === '{"type":"string"}') &&
      !(isAnswer && key === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, plain(value, isAnswer)]));
}

/** A shape that holds all of a named one is told as that one and what it has besides. */
function extended(part: Json, schemas: JsonObject, own?: string): Json {
  if (Array.isArray(part)) return part.map((each) => extended(each, schemas));
  if (typeof part !== 'object' || part === null) return part;
  const base = part['type'] === 'object' ? baseOf(part, schemas, own) : undefined;
  if (base === undefined) return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, extended(value, schemas)]));
  const { properties, required, ...rest } = part;
  const inherited = objectOf(objectOf(schemas[base])['properties']);
  const added = Object.entries(objectOf(properties)).filter(([name]) => !(name in inherited));
  const needed = added.map(([name]) => name).filter((name) => Array.isArray(required) && required.includes(name));
  const further = {
    ...rest,
    properties: extended(Object.fromEntries(added), schemas),
    ...(needed.length === 0 ? {} : { required: needed }),
  };
  return { allOf: [{ $ref: `${SCHEMA_REF}${base}` }, further] };
}

/** Fewer are not worth it. */
const ENOUGH = 6;

function baseOf(shape: JsonObject, schemas: JsonObject, own: string | undefined): string | undefined {
  const properties = objectOf(shape['properties']);
  const count = Object.keys(properties).length;
  let best: { readonly name: string; readonly size: number } | undefined;
  for (const [name, schema] of Object.entries(schemas)) {
    const inner = Object.entries(objectOf(objectOf(schema)['properties']));
    if (name === own || inner.length < ENOUGH || inner.length > count || (own !== undefined && inner.length === count)) continue;
    const holds = inner.every(([key, value]) => JSON.stringify(properties[key]) === JSON.stringify(value));
    if (holds && inner.length > (best?.size ?? 0)) best = { name, size: inner.length };
  }
  return best?.name;
}

/** A body that may be left out is told as such, not as one that may be null. */
function optionalBody(operation: Operation): void {
  const body = objectOf(operation['requestBody']);
  const content = objectOf(objectOf(body['content'])['application/json']);
  const choices = objectOf(content['schema'])['anyOf'];
  if (!Array.isArray(choices) || !choices.some((choice) => objectOf(choice)['type'] === 'null')) return;
  const [only, ...others] = choices.filter((choice) => objectOf(choice)['type'] !== 'null');
  body['required'] = false;
  content['schema'] = others.length === 0 && only !== undefined ? only : { anyOf: others };
}

function referred(part: Json | undefined): string[] {
  return [...(part === undefined ? '' : JSON.stringify(part)).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
