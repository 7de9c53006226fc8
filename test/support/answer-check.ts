/** Holds every answer of the HTTP suites against the OpenAPI document that the server itself gives. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Json = Record<string, unknown>;

interface Media {
  readonly schema?: Json;
}

interface Response {
  readonly $ref?: string;
  readonly content?: Record<string, Media>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, Media> };
  readonly responses: Record<string, Response>;
}

export interface Document extends Json {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly responses: Record<string, Response>; readonly schemas: Record<string, Json> };
}

export interface Given {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

const checks = new Map<string, AnswerCheck>();

/** One for each document: compiling costs more than any answer. */
export function answerCheck(document: object): AnswerCheck {
  const text = JSON.stringify(document);
  const check = checks.get(text) ?? new AnswerCheck(JSON.parse(text) as Document);
  checks.set(text, check);
  return check;
}

class AnswerCheck {
  readonly document: Document;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  readonly #paths: { readonly pattern: RegExp; readonly path: string; readonly fixed: number }[];
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    this.document = document;
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.#ajv);
    this.#ajv.addFormat('binary', true);
    this.#ajv.addSchema(document, 'api');
    this.#paths = Object.keys(document.paths)
      .map((path) => ({
        path,
        pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
        // `/campaigns/stream` is not a campaign called stream.
        fixed: path.replace(/\{\w+\}/g, '').length,
      }))
      .sort((a, b) => b.fixed - a.fixed);
  }

  operation(method: string, path: string): Operation | undefined {
    const known = this.#paths.filter(({ pattern }) => pattern.test(path.split('?', 1)[0] ?? ''));
    for (const each of known) {
      const operation = this.document.paths[each.path]?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
      if (operation !== undefined) return operation;
    }
    return undefined;
  }

  /** @returns what is wrong with it; undefined where nothing is, or where there is no such operation. */
  fault({ method, path, status, type, text }: Given): string | undefined {
    const operation = this.operation(method, path);
    if (operation === undefined || method === 'HEAD' || status === 405) return undefined;
    const about = `${method} ${path} -> ${String(status)}`;
    const named = operation.responses[String(status)] ?? (status >= 400 ? operation.responses['default'] : undefined);
    if (named === undefined) return `${about} is not described`;
    const response = named.$ref === undefined ? named : this.document.components.responses[named.$ref.split('/').at(-1) ?? ''];
    const { content } = response ?? {};
    if (content === undefined) return text === '' ? undefined : `${about} should have no body`;
    const given = (type ?? '').split(';', 1)[0] ?? '';
    const media = content[given];
    if (media === undefined) {
      return text === '' && 'text/plain' in content
        ? undefined
        : `${about} is ${given}, described as ${Object.keys(content).join()}`;
    }
    if (media.schema === undefined || !given.endsWith('json')) return undefined;
    const value = JSON.parse(text) as unknown;
    const validate = this.#validator(media.schema);
    return validate(value) ? undefined : `${about} ${this.#ajv.errorsText(validate.errors)}: ${text.slice(0, 500)}`;
  }

  /** Whether a value fits a schema of the document. */
  fits(schema: Json, value: unknown): boolean {
    return this.#validator(schema)(value);
  }

  #validator(schema: Json): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
    let compiled = this.#compiled.get(text);
    if (compiled === undefined) {
      compiled = this.#ajv.compile(JSON.parse(text) as Json);
      this.#compiled.set(text, compiled);
    }
    return compiled;
  }
}
