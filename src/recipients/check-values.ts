/**
 * Are the values of everybody on the list fit for the template, with the mapping of now? An upload is checked as it is read; a
 * mapping that is given later, or a text that changes, is held against every row again, once, and the result kept with the upload.
 * A crash loses at most the result.
 */
import type { Db } from '../lib/db/db.ts';
import { type CompiledTemplate, compileTemplate } from '../templates/compile.ts';
import { isConstant, type Mapping } from '../templates/mapping.ts';
import type { Template } from '../templates/template.ts';
import { planTemplate } from '../templates/variables.ts';
import { hashOf } from '../templates/version.ts';
import { type CheckedUpload, checkedUploads, rememberCheck, type ValueFault, valueRows } from './values.sql.ts';

export interface ValueCheck {
  readonly campaignId: number;
  readonly template: Template;
  readonly mapping: Mapping;
  /** When the messages leave, in milliseconds. */
  readonly leavesAt: number;
}

export type UploadFaults = Pick<CheckedUpload, 'upload_id' | 'filename'> & { readonly faults: readonly ValueFault[] };

const PAGE = 2_000;
const HOUR = 3_600_000;
const SHOWN_LINES = 20;

/** @returns the uploads with faults. */
export async function checkValues({ db }: { readonly db: Db }, check: ValueCheck): Promise<UploadFaults[]> {
  const fingerprint = checkFingerprint(check);
  const uploads = await checkedUploads(db, check.campaignId);
  const open = uploads.filter((upload) => upload.checked !== fingerprint);
  const found = open.length === 0 ? new Map<number, Faults>() : await readRows(db, check, open);
  for (const { upload_id: id } of open) await rememberCheck(db, id, { fingerprint, faults: found.get(id)?.list() ?? [] });
  return uploads
    .map(({ upload_id, filename, checked, value_faults: known }) => ({
      upload_id,
      filename,
      faults: (checked === fingerprint ? known : found.get(upload_id)?.list()) ?? [],
    }))
    .filter(({ faults }) => faults.length > 0);
}

/** The same as long as the same values pass. What runs out (an offer, a signed address) is looked at again every hour. */
export function checkFingerprint({ template, mapping, leavesAt }: Omit<ValueCheck, 'campaignId'>): string {
  const runsOut = planTemplate(template).variables.some(({ key, kind }) => {
    const source = mapping[key];
    return RUNS_OUT.has(kind) && source !== undefined && !isConstant(source);
  });
  return hashOf([template.raw['components'], template.category, mapping, runsOut ? Math.floor(leavesAt / HOUR) : 0]);
}

const RUNS_OUT: ReadonlySet<string> = new Set(['expiration', 'image', 'video', 'gif', 'document']);

async function readRows(db: Db, check: ValueCheck, uploads: readonly CheckedUpload[]): Promise<Map<number, Faults>> {
  const compiled = compileTemplate(check.template, check.mapping, () => check.leavesAt);
  const found = new Map(uploads.map(({ upload_id: id }) => [id, new Faults()]));
  for (let after = 0; ; ) {
    const rows = await valueRows(db, check.campaignId, { uploads: [...found.keys()], after, limit: PAGE });
    for (const row of rows) found.get(row.upload_id)?.add(compiled, row);
    const last = rows.at(-1);
    if (last === undefined) return found;
    after = last.id;
  }
}

/** The faults of one upload, counted. */
class Faults {
  readonly #byKind = new Map<string, { -readonly [K in keyof ValueFault]: ValueFault[K] } & { lines: number[] }>();

  add(
    compiled: CompiledTemplate,
    { row, data }: { readonly row: number; readonly data: Readonly<Record<string, string>> },
  ): void {
    for (const { key, column, code, message } of compiled.faults(data)) {
      // Without a column it is a fault of the mapping and told as one.
      if (column === undefined) continue;
      const kind = `${key} ${code}`;
      const known = this.#byKind.get(kind);
      if (known === undefined) this.#byKind.set(kind, { key, column, code, message, rows: 1, lines: [row] });
      else {
        known.rows++;
        if (known.lines.length < SHOWN_LINES) known.lines.push(row);
      }
    }
  }

  list(): ValueFault[] {
    return [...this.#byKind.values()];
  }
}
