-- A webhook that cannot be applied is tried again later and later: what stands in its way may pass within seconds (a schema that is about to
-- change) or with the next version. Which version gave it up for good, so that a newer one tries it by itself.
alter table webhook_pending
  add column look_at timestamptz not null default '-infinity',
  add column given_up_by text;
