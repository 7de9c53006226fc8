-- How large each waiting webhook is, so that a batch of them is measured without opening the journal. What the version before this one
-- puts in beside it, during an upgrade, counts as a small one.
alter table webhook_pending add column bytes integer not null default 1000;
