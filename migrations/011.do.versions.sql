-- What was looked at before a campaign starts (text, category, mapping, price), so that a change in between can be told, and a number
-- that is raised whenever template or mapping are frozen anew: a message is filled with the version its claim names.
alter table campaigns
  add column looked_at jsonb,
  add column frozen_version integer not null default 0;

-- With which template and mapping the rows of an upload were checked last, and what was found.
alter table uploads
  add column checked text,
  add column value_faults jsonb;
