-- The pace of a campaign that has its own: the moment of its next message, reserved by each claim. Kept here, beside the batch, so that
-- a pause, a restart and another worker go on where the last one stopped.
alter table dispatch add column next_message_at timestamptz not null default '-infinity';
