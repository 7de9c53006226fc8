-- A draft may choose its template later: its list can be uploaded and corrected before. Name and language come together, and
-- whatever has started or is a test send has both.
alter table campaigns
  alter column template_name drop not null,
  alter column template_language drop not null,
  add constraint template_has_language check ((template_name is null) = (template_language is null)),
  add constraint sent_has_template check (template_name is not null or (kind = 'campaign' and started_at is null));
