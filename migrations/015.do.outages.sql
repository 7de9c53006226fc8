-- The circuit breaker of each sending number, for all processes that send from it: 'closed' = all is well; 'open' = nothing is claimed until
-- Meta answers again; 'half_open' = each claim takes from a small allowance that grows with good answers. Kept here, so that neither a
-- restart nor an emptied Redis forgets that Meta is away.
create table circuit_breakers (
  mode run_mode not null,
  phone_number_id text not null,
  state text not null default 'closed' check (state in ('closed', 'half_open', 'open')),
  -- Lost and faulty answers, less a part of the good ones.
  score double precision not null default 0,
  -- Good answers in a row of states that is not closed: enough of them close it.
  good integer not null default 0,
  -- People who may still be claimed while it is half open.
  allowance integer not null default 0,
  -- Answers lost since it left 'closed': so many people this outage has made unknown.
  lost integer not null default 0,
  -- Messages that were in the air when it opened.
  in_air integer not null default 0,
  reason text,
  since timestamptz,
  -- Single messages that were sent to find out whether Meta is back.
  probes integer not null default 0,
  probe_at timestamptz,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (mode, phone_number_id),
  constraint held_back_has_reason check (state = 'closed' or (since is not null and reason is not null))
);

-- Each process that sends has a number, which its claims carry. One that was silent for too long is gone: what it had claimed is nobody's
-- any more, and with that number nothing is claimed again.
create sequence process_numbers as integer;
alter table processes
  add column number integer not null default nextval('process_numbers'),
  add column gone_at timestamptz;
create unique index processes_by_number on processes (number);

alter table messages add column claimed_by integer;
