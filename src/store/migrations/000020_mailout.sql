-- Mails to many: which address got one, without the address. One row for each address and mailout, claimed before a server is asked to take the mail.
create table tminus.mailout (
  launch text not null,
  environment text not null,
  name text not null,
  -- Addresses are kept as their HMAC under this key: whoever reads the rows cannot try addresses of another mailout.
  hash_key bytea not null check (length(hash_key) = 32),
  created_at timestamptz not null default clock_timestamp(),
  primary key (launch, environment, name)
);

create table tminus.mailout_delivery (
  launch text not null,
  environment text not null,
  mailout text not null,
  -- `test` went to the test address of the environment and is no mail to the person.
  mode text not null check (mode in ('real', 'test')),
  address_hash bytea not null check (length(address_hash) = 32),
  -- The process that may settle it.
  sender text not null,
  -- `claimed`: whether the server took it is not known, until the sender says so.
  state text not null default 'claimed' check (state in ('claimed', 'sent', 'refused')),
  message_id text not null,
  detail text,
  claimed_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  primary key (launch, environment, mailout, mode, address_hash),
  foreign key (launch, environment, mailout) references tminus.mailout (launch, environment, name),
  check ((state = 'claimed') = (settled_at is null))
);
