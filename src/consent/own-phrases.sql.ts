import type { Sql } from '../lib/db/db.ts';
import type { OwnPhrase } from './opt-out-matcher.ts';

export type StoredPhrase = OwnPhrase & { readonly id: number; readonly created_by: string | null; readonly created_at: Date };

export async function listPhrases(sql: Sql): Promise<StoredPhrase[]> {
  const { rows } = await sql.query<StoredPhrase>(
    'select id, phrase, part, meaning, scope, created_by, created_at from opt_out_phrases order by phrase, part',
  );
  return rows;
}

/** The same phrase given again takes its new meaning. */
export async function putPhrase(sql: Sql, phrase: OwnPhrase, createdBy: string): Promise<StoredPhrase> {
  const { rows } = await sql.query<StoredPhrase>(
    `insert into opt_out_phrases (phrase, part, meaning, scope, created_by) values ($1, $2, $3, $4, $5)
     on conflict (phrase, part) do update
       set meaning = excluded.meaning, scope = excluded.scope, created_by = excluded.created_by, created_at = now()
     returning id, phrase, part, meaning, scope, created_by, created_at`,
    [phrase.phrase, phrase.part, phrase.meaning, phrase.scope, createdBy],
  );
  const stored = rows[0];
  if (stored === undefined) throw new Error('a phrase was stored and is not there');
  return stored;
}

export async function deletePhrase(sql: Sql, id: number): Promise<StoredPhrase | undefined> {
  const { rows } = await sql.query<StoredPhrase>(
    'delete from opt_out_phrases where id = $1 returning id, phrase, part, meaning, scope, created_by, created_at',
    [id],
  );
  return rows[0];
}
