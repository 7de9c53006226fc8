-- Forgetting people: a campaign whose time is over keeps its counters and loses its rows (src/campaigns/retention.ts).

alter table campaigns
  -- Decided: nothing of it is sent, tried again or added to any more. The rows follow in chunks.
  add column archived_at timestamptz,
  -- The last row is gone.
  add column erased_at timestamptz,
  add constraint archived_is_over check (archived_at is null or status in ('completed', 'cancelled', 'failed')),
  add constraint erased_was_archived check (erased_at is null or archived_at is not null);
create index campaigns_to_erase on campaigns (id) where archived_at is not null and erased_at is null;

-- Replies are forgotten by age, whatever campaign they answer.
create index inbound_by_age on inbound_messages (received_at);
