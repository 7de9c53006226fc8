-- How a file was read and the account of its rows (files/account.ts): null for uploads from before this was kept.
alter table uploads add column reading jsonb;

-- The row as a spreadsheet counts it, where line breaks within cells make that another number than the line.
alter table rejected_rows add column record integer;
