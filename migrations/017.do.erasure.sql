-- People who asked to be forgotten. Of them stays a keyed digest, by which a file that brings them again is recognised; nobody can be
-- read out of it without the key, and with it nobody who is not asked for.

alter table installation add column erasure_key text not null default gen_random_uuid()::text || gen_random_uuid()::text;

create table erased_people (
  hash bytea primary key,
  -- What is not sent to them any more, whoever brings them again.
  blocks text not null check (blocks in ('all', 'marketing', 'nothing')),
  erased_at timestamptz not null default clock_timestamp()
);

-- Their rows stay, because they are counted, without anything of them: `person` is then the negative id of the row and `phone` is 0.
-- What Meta still tells of their messages is looked at for as long.
create index recipients_erased on recipients (campaign_id, id) where person < 0;
