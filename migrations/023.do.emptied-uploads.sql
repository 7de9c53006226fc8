-- A discarded upload of which every row is gone says so. To look for the rest of it in a table of millions of refused rows, for each upload
-- ever discarded and every minute, would take a third of the time of an embedded database.
alter table uploads add column emptied_at timestamptz;
create index uploads_to_empty on uploads (campaign_id) where status = 'discarded' and emptied_at is null;

-- The journal of webhooks is pruned by age. Its rows lie in the order of their arrival, so a summary of each block is enough to skip the
-- young ones, and costs next to nothing where every webhook is written.
create index webhook_events_by_age on webhook_events using brin (received_at) with (pages_per_range = 32);
