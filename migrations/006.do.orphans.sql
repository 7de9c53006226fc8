-- When an orphan is looked for again: later each time, so that the statuses of another system on the same number, which never find a
-- message, cost a handful of look-ups each instead of one every few seconds for a week.
alter table orphan_statuses add column look_at timestamptz not null default '-infinity';
create index orphans_by_look_at on orphan_statuses (look_at);
