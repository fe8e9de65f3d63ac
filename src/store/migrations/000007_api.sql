-- Changes asked for over the API under a key of the caller: the same again gets the first answer.
create table tminus.api_request (
  account text not null,
  key text not null,
  request bytea not null check (octet_length(request) = 32),
  status integer,
  body text,
  taken_at timestamptz not null default clock_timestamp(),
  primary key (account, key)
);
create index api_request_taken_at on tminus.api_request (taken_at);

-- What browsers refused to do under the content security policy of our own pages.
create table tminus.browser_report (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  page text not null,
  detail jsonb not null,
  -- The same refusal again raises the count of its row.
  fingerprint text not null unique,
  seen integer not null default 1
);
