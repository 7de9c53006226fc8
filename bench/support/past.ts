import type { House } from './house.ts';

/** Past campaigns of `each` people as they look when all is over, written by the database itself: the program would take an hour. */
export async function pastCampaigns({ pool }: House, campaigns: number, each: number): Promise<number[]> {
  if (pool === undefined) throw new Error('only on PostgreSQL');
  const { rows } = await pool.query<{ id: number }>(
    `with c as (
       insert into campaigns (name, mode, phone_number_id, template_name, template_language, template, status, started_at, completed_at, settled_at, published_through)
       select 'Campaña ' || n, 'sandbox', '106540352242922', 'bienvenida', 'es', '{}', 'completed', now(), now(), now(), $2
       from generate_series(1, $1::int) n returning id
     ), d as (insert into dispatch (campaign_id) select id from c)
     select id from c order by id`,
    [campaigns, each],
  );
  for (const { id } of rows) {
    await pool.query(
      `insert into recipients (campaign_id, id, person, phone, upload_id, row, data)
       select $1, n, 573200000000 + n, 573200000000 + n, 1, n + 1, jsonb_build_object('variable_1', 'Nombre ' || n, 'variable_2', 'Apellido')
       from generate_series(1, $2::int) n`,
      [id, each],
    );
    await pool.query(
      `insert into messages (campaign_id, id, status, attempt, accepted_at, sent_at, delivered_at, read_at, failed_at, error_code, wamid)
       select $1::int, n, s::message_status, 1, now(), now(), case when s in ('delivered', 'read') then now() end, case when s = 'read' then now() end,
              case when s = 'failed' then now() end, case when s = 'failed' then 131026 end, 'wamid.HBgM' || $1::text || '.' || n
       from (select n, case when n % 100 = 0 then 'failed' when n % 4 = 0 then 'delivered' else 'read' end as s from generate_series(1, $2::int) n) t`,
      [id, each],
    );
    await pool.query(
      `insert into tallies (campaign_id, what, key, slot, n)
       select campaign_id, 'box', status::text, 0, count(*) from messages where campaign_id = $1 group by 1, 3
       union all select campaign_id, 'ever', 'accepted', 0, count(*) from messages where campaign_id = $1 group by 1
       union all select campaign_id, 'error', error_code::text, 0, count(*) from messages where campaign_id = $1 and status = 'failed' group by 1, 3`,
      [id],
    );
  }
  await pool.query('vacuum analyze');
  return rows.map(({ id }) => id);
}
