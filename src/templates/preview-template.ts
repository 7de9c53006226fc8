/** A template filled with a row, as the person will see it, with what is still wrong about its mapping. */

import type { z } from 'zod';
import type { Db } from '../lib/db/db.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { checkMapping } from './check-mapping.ts';
import { guessMapping } from './guess-mapping.ts';
import { type Mapping, parseMapping } from './mapping.ts';
import { renderPreview } from './preview.ts';
import type { PreviewAnswer } from './schema.ts';
import { parseTemplate, type Template } from './template.ts';
import { listTemplates, type StoredTemplate } from './templates.sql.ts';
import { languageHelp } from './usable.ts';

/** Whose templates: of the account this installation sends with. */
export interface TemplateDeps {
  readonly db: Db;
  readonly mode: RunMode;
  readonly wabaId: string;
}

type Row = Readonly<Record<string, string>>;

export async function previewTemplate(
  deps: TemplateDeps,
  input: { readonly name: string; readonly language: string; readonly mapping: unknown; readonly row: Row },
): Promise<z.output<typeof PreviewAnswer>> {
  const template = await readableTemplate(deps, input.name, input.language);
  const columns = Object.keys(input.row);
  const mapping = { ...guessMapping(template, columns), ...readMapping(input.mapping ?? {}) };
  return previewOf({ template, mapping }, input.row, columns);
}

/** Also one that Meta lets nobody send just now. */
export async function readableTemplate(deps: TemplateDeps, name: string, language: string): Promise<Template> {
  const all = await listTemplates(deps.db, deps, { name });
  const stored = all.find((template) => template.language === language);
  if (stored === undefined) throw templateNotFound(name, language, all);
  const parsed = parseTemplate(stored.raw);
  if (!parsed.ok) throw new Problem('template_not_usable', parsed.error);
  return parsed.template;
}

export function readMapping(raw: unknown): Mapping {
  const parsed = parseMapping(raw);
  if (parsed.ok) return parsed.mapping;
  throw new Problem(
    'invalid_parameters',
    parsed.faults.map((fault) => fault.message),
    {
      errors: parsed.faults.map((fault) => ({ field: `mapping.${fault.key}`, message: fault.message })),
    },
  );
}

export function previewOf(
  { template, mapping }: { readonly template: Template; readonly mapping: Mapping },
  row: Row,
  columns: readonly string[],
): z.output<typeof PreviewAnswer> {
  const preview = renderPreview(template, mapping, row);
  return {
    preview: { ...preview, buttons: preview.buttons.map((button) => ({ ...button })), missing: [...preview.missing] },
    mapping: { ...mapping },
    faults: checkMapping(template, mapping, columns).map(({ key, code, message }) => ({ key, code, message })),
  };
}

export function templateNotFound(name: string, language: string | undefined, all: readonly StoredTemplate[]): Problem {
  const detail =
    language === undefined && all.length === 0
      ? say('server.templates.template-see-list', { name })
      : languageHelp(
          name,
          language ?? '',
          all.map((template) => template.language),
        );
  return new Problem('template_not_found', detail);
}
