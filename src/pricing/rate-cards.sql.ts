import type { Sql } from '../lib/db/db.ts';
import type { RateCard } from './rate-card.ts';

/** A card that the operator has loaded. */
export interface OwnCard extends RateCard {
  readonly id: number;
  readonly filename: string | null;
  readonly created_by: string | null;
  readonly created_at: Date;
}

export async function listOwnCards(sql: Sql): Promise<OwnCard[]> {
  const { rows } = await sql.query<OwnCard>(
    `select id, currency, to_char(effective_from, 'YYYY-MM-DD') as "effectiveFrom", markets, tiers, filename, created_by, created_at
     from rate_cards order by effective_from desc, currency`,
  );
  return rows;
}

/** One a currency and day: a later file corrects the earlier one. */
export async function putCard(
  sql: Sql,
  { card, filename, by }: { readonly card: RateCard; readonly filename: string | null; readonly by: string },
): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    `insert into rate_cards (currency, effective_from, markets, tiers, filename, created_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (currency, effective_from) do update set markets = excluded.markets, tiers = excluded.tiers,
       filename = excluded.filename, created_by = excluded.created_by, created_at = now()
     returning id`,
    [card.currency, card.effectiveFrom, JSON.stringify(card.markets), JSON.stringify(card.tiers ?? {}), filename, by],
  );
  return rows[0]?.id ?? 0;
}

export async function deleteCard(sql: Sql, id: number): Promise<boolean> {
  return (await sql.query('delete from rate_cards where id = $1', [id])).rowCount === 1;
}
