-- What Meta says of the account and of its number beyond a single message: a restriction, a review, a payment method that is missing.
-- One row for each thing that can be said, as it was last told; it stands until it is lifted or its time is over. `holds` names what may
-- not be sent meanwhile: everything, or templates of one category. The claim reads it (src/lifecycle/claim.sql.ts), so that what is held
-- goes on by itself at the end.
create table account_notices (
  mode run_mode not null,
  phone_number_id text not null,
  code text not null,
  -- Of several that can stand beside each other, which: the type of an alert, of a violation, of a restriction.
  subject text not null default '',
  holds text check (holds in ('all', 'utility', 'marketing', 'authentication')),
  since timestamptz not null,
  until timestamptz,
  lifted_at timestamptz,
  -- Meta's time of what told it: an older word that comes later changes nothing.
  told_at timestamptz not null,
  detail jsonb not null default '{}',
  primary key (mode, phone_number_id, code, subject)
);

-- When webhooks of each mode last came with a signature that fits, and how many have been refused since.
create table webhook_signatures (
  mode run_mode primary key,
  good_at timestamptz,
  refused_at timestamptz,
  refused_since_good bigint not null default 0
);
