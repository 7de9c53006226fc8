-- A schedule that has come due and meets something that passes (everything is stopped, a file is on its way): what it waits for. It is
-- tried again every second until its grace is over.
alter table campaigns
  add column waiting_for text,
  add constraint only_scheduled_waits check (waiting_for is null or status = 'scheduled');
