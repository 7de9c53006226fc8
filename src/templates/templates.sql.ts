import type { Sql } from '../lib/db/db.ts';
import type { RunMode } from '../whatsapp/mode.ts';

/** A template as Meta last listed it; `raw` is its own JSON and parses to everything else (templates/template.ts). */
export interface StoredTemplate {
  readonly name: string;
  readonly language: string;
  readonly meta_id: string;
  readonly status: string;
  readonly category: string;
  readonly quality: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly synced_at: Date;
}

export interface TemplateOwner {
  readonly mode: RunMode;
  readonly wabaId: string;
}

const COLUMNS = 'name, language, meta_id, status, category, quality, raw, synced_at';

/** Replaces the list: what Meta no longer names is marked gone, not deleted, since campaigns refer to it. */
export async function replaceTemplates(
  sql: Sql,
  owner: TemplateOwner,
  templates: readonly Omit<StoredTemplate, 'synced_at'>[],
): Promise<void> {
  await sql.query(
    `insert into templates (mode, waba_id, name, language, meta_id, status, category, quality, raw, synced_at, gone_at)
     select $1, $2, t.name, t.language, t.meta_id, t.status, t.category, t.quality, t.raw, clock_timestamp(), null
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[]) as t (name, language, meta_id, status, category, quality, raw)
     on conflict (mode, waba_id, name, language) do update set
       meta_id = excluded.meta_id, status = excluded.status, category = excluded.category, quality = excluded.quality,
       raw = excluded.raw, synced_at = excluded.synced_at, gone_at = null`,
    [
      owner.mode,
      owner.wabaId,
      templates.map((t) => t.name),
      templates.map((t) => t.language),
      templates.map((t) => t.meta_id),
      templates.map((t) => t.status),
      templates.map((t) => t.category),
      templates.map((t) => t.quality),
      templates.map((t) => JSON.stringify(t.raw)),
    ],
  );
  await sql.query(
    `update templates set gone_at = clock_timestamp()
     where mode = $1 and waba_id = $2 and gone_at is null and not (meta_id = any($3))`,
    [owner.mode, owner.wabaId, templates.map((t) => t.meta_id)],
  );
}

/** Has any template of the account ever been fetched? */
export async function templatesSynced(sql: Sql, owner: TemplateOwner): Promise<boolean> {
  const { rows } = await sql.query('select from templates where mode = $1 and waba_id = $2 limit 1', [owner.mode, owner.wabaId]);
  return rows.length > 0;
}

export interface TemplateFilter {
  readonly name?: string | undefined;
  readonly language?: string | undefined;
  readonly status?: string | undefined;
  readonly category?: string | undefined;
  readonly search?: string | undefined;
}

export async function listTemplates(sql: Sql, owner: TemplateOwner, filter: TemplateFilter = {}): Promise<StoredTemplate[]> {
  const { rows } = await sql.query<StoredTemplate>(
    `select ${COLUMNS} from templates
     where mode = $1 and waba_id = $2 and gone_at is null
       and ($3::text is null or name = $3) and ($4::text is null or language = $4)
       and ($5::text is null or status = upper($5)) and ($6::text is null or category = upper($6))
       and ($7::text is null or strpos(name, lower($7)) > 0)
     order by name, language`,
    [
      owner.mode,
      owner.wabaId,
      filter.name ?? null,
      filter.language ?? null,
      filter.status ?? null,
      filter.category ?? null,
      filter.search ?? null,
    ],
  );
  return rows;
}

/** What a webhook says of a template, kept until the next sync; `raw` follows, so that both tell the same. */
export async function changeTemplate(
  sql: Sql,
  mode: RunMode,
  metaId: string,
  change: {
    readonly status?: string;
    readonly quality?: string;
    readonly category?: string;
    /** What Meta says it is, and will make of it. */
    readonly correctCategory?: string;
  },
): Promise<{ name: string; language: string } | undefined> {
  const { rows } = await sql.query<{ name: string; language: string }>(
    `update templates set
       status = coalesce($3, status), quality = coalesce($4, quality), category = coalesce($5, category),
       raw = raw || jsonb_strip_nulls(jsonb_build_object('status', $3::text, 'category', $5::text, 'correct_category', $6::text,
                    'quality_score', case when $4::text is not null then jsonb_build_object('score', $4::text) end))
     where mode = $1 and meta_id = $2 returning name, language`,
    [mode, metaId, change.status ?? null, change.quality ?? null, change.category ?? null, change.correctCategory ?? null],
  );
  return rows[0];
}
