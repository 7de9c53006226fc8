/** What a campaign's template asks of a file, so that a row which could not be sent is refused at the upload and not found out later. */

import type { Requirements } from '../files/check-row.ts';
import type { Text } from '../lib/words/sentence.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { getCampaign, refuseArchived } from '../lifecycle/get-campaign.ts';
import { type BindFault, compileTemplate } from '../templates/compile.ts';
import { effectiveMapping } from '../templates/effective-mapping.ts';
import { isConstant, type Mapping } from '../templates/mapping.ts';
import type { TemplateDeps } from '../templates/preview-template.ts';
import { parseTemplate, type Template } from '../templates/template.ts';
import { listTemplates } from '../templates/templates.sql.ts';
import { fileNameOf } from '../templates/value-rules.ts';
import { templateVariables } from '../templates/variables.ts';
import { checkFingerprint } from './check-values.ts';

export interface FileRequirements {
  readonly marketing: boolean;
  readonly forColumns: (columns: readonly string[]) => ListRequirements;
}

/** What every row must hold, and the name of that check: kept with the upload, so that it is not done again while nothing changes. */
export interface ListRequirements extends Requirements {
  readonly fingerprint?: string;
  /** Keys of the template's variables by the column that fills them. */
  readonly variables?: Readonly<Record<string, readonly string[]>>;
}

/** Without a known template nothing is asked: the preflight will say so. */
export async function fileRequirements(deps: TemplateDeps, campaignId: number): Promise<FileRequirements> {
  const campaign = await getCampaign(deps.db, campaignId);
  refuseArchived(campaign);
  const chosen = templateOf(campaign);
  const stored = chosen === undefined ? [] : await listTemplates(deps.db, { mode: deps.mode, wabaId: deps.wabaId }, chosen);
  const raw = campaign.template ?? stored[0]?.raw;
  const parsed = raw === undefined ? undefined : parseTemplate(raw);
  if (parsed?.ok !== true) return { marketing: false, forColumns: () => ({ required: [] }) };
  const { template } = parsed;
  return {
    marketing: template.category === 'MARKETING',
    forColumns(columns) {
      const { mapping } = effectiveMapping(template, campaign.mapping, columns);
      const leavesAt = Math.max(Date.now(), campaign.scheduled_at?.getTime() ?? 0);
      const compiled = compileTemplate(template, mapping, () => leavesAt);
      const required = templateVariables(template).flatMap((variable) => {
        const source = mapping[variable.key];
        return variable.required && source !== undefined && !isConstant(source) ? [source.column] : [];
      });
      const variables: Record<string, string[]> = {};
      for (const [key, source] of Object.entries(mapping)) {
        if (!isConstant(source)) (variables[source.column] ??= []).push(key);
      }
      const unnamed = unnamedDocuments(template, mapping);
      return {
        required,
        check: (row) => compiled.faults(row).flatMap(columnFault),
        doubts: (row) =>
          unnamed
            .filter((column) => fileNameOf(row[column] ?? '') === '')
            .map((column) => ({ column, code: 'document_unnamed' })),
        fingerprint: checkFingerprint({ template, mapping, leavesAt }),
        variables,
      };
    },
  };
}

/** Columns of documents whose name is not given: it is then taken from the address, where that has one. */
function unnamedDocuments(template: Template, mapping: Mapping): string[] {
  return templateVariables(template).flatMap(({ key, kind }) => {
    const source = mapping[key];
    return kind === 'document' && source !== undefined && !isConstant(source) && mapping[`${key}.filename`] === undefined
      ? [source.column]
      : [];
  });
}

/** Faults that are not of a column concern every row: the mapping's, not the file's. */
function columnFault(fault: BindFault): { column: string; code: string; message: Text }[] {
  return fault.column === undefined ? [] : [{ column: fault.column, code: fault.code, message: fault.message }];
}
