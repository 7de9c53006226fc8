/** What a campaign's template asks of a file, so that a row which could not be sent is refused at the upload and not found out later. */

import type { CampaignDeps } from '../campaigns/deps.ts';
import { mappingFor } from '../campaigns/preflight.ts';
import { mustFind, refuseArchived } from '../campaigns/stats.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { type BindFault, compileTemplate } from '../templates/compile.ts';
import { isConstant } from '../templates/mapping.ts';
import { parseTemplate } from '../templates/template.ts';
import { listTemplates } from '../templates/templates.sql.ts';
import { templateVariables } from '../templates/variables.ts';

export interface FileRequirements {
  readonly marketing: boolean;
  readonly forColumns: (columns: readonly string[]) => {
    readonly required: readonly string[];
    readonly check: (row: Readonly<Record<string, string>>) => { column: string; code: string; message: string }[];
  };
}

/** Without a known template nothing is asked: the preflight will say so. */
export async function fileRequirements(deps: CampaignDeps, campaignId: number): Promise<FileRequirements> {
  const campaign = await mustFind(deps.db, campaignId);
  refuseArchived(campaign);
  const chosen = templateOf(campaign);
  const stored = chosen === undefined ? [] : await listTemplates(deps.db, { mode: deps.mode, wabaId: deps.wabaId }, chosen);
  const raw = campaign.template ?? stored[0]?.raw;
  const parsed = raw === undefined ? undefined : parseTemplate(raw);
  if (parsed?.ok !== true) return { marketing: false, forColumns: () => ({ required: [], check: () => [] }) };
  const { template } = parsed;
  return {
    marketing: template.category === 'MARKETING',
    forColumns(columns) {
      const { mapping } = mappingFor(template, campaign.mapping, columns);
      const compiled = compileTemplate(template, mapping);
      const required = templateVariables(template).flatMap((variable) => {
        const source = mapping[variable.key];
        return variable.required && source !== undefined && !isConstant(source) ? [source.column] : [];
      });
      return { required, check: (row) => compiled.faults(row).flatMap(columnFault) };
    },
  };
}

/** Faults that are not of a column concern every row: the mapping's, not the file's. */
function columnFault(fault: BindFault): { column: string; code: string; message: string }[] {
  return fault.column === undefined ? [] : [{ column: fault.column, code: fault.code, message: fault.message }];
}
