-- Several processes with a door: do they sign with the same secret, and how often was a password guessed at all of them together.

alter table processes
  -- A keyed hash of SECRET_KEY, of processes that have a door: who signs with another one refuses the sessions and tickets of the rest.
  add column secret_print text;

-- Tries to log in under a name in the current minute. The name as a digest: people type their password there by mistake.
create table login_tries (
  name_hash bytea primary key,
  since timestamptz not null,
  tries integer not null
);
