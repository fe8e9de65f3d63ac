-- Who somebody is: accounts, sessions, second factors, tokens. What they may do stands in `tminus.access_grant`.
-- The first six tables are what the library for sign-in lays out, in its spelling; a test compares them with what it wants. The rest are ours.
create schema identity;

create table identity."user" (
  id text not null primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz default CURRENT_TIMESTAMP not null,
  "twoFactorEnabled" boolean,
  person text,
  "disabledAt" timestamptz
);

create table identity.session (
  id text not null primary key,
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references identity."user" (id) on delete cascade,
  "strongAt" timestamptz,
  "strongFrom" text
);

create table identity.account (
  id text not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references identity."user" (id) on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz not null
);

create table identity.verification (
  id text not null primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz default CURRENT_TIMESTAMP not null
);

create table identity."twoFactor" (
  id text not null primary key,
  secret text not null,
  "backupCodes" text not null,
  "userId" text not null references identity."user" (id) on delete cascade,
  verified boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamptz
);

create table identity.passkey (
  id text not null primary key,
  name text,
  "publicKey" text not null,
  "userId" text not null references identity."user" (id) on delete cascade,
  "credentialID" text not null,
  counter integer not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  transports text,
  "createdAt" timestamptz,
  aaguid text
);

create index "session_userId_idx" on identity.session ("userId");
create index "account_userId_idx" on identity.account ("userId");
create index verification_identifier_idx on identity.verification (identifier);
create index "twoFactor_secret_idx" on identity."twoFactor" ("secret");
create index "twoFactor_userId_idx" on identity."twoFactor" ("userId");
create index "passkey_userId_idx" on identity.passkey ("userId");
create index "passkey_credentialID_idx" on identity.passkey ("credentialID");

-- The library looks these up as if they were unique; of two at once one has to lose.
create unique index account_of_provider on identity.account ("providerId", "accountId");
create unique index passkey_credential on identity.passkey ("credentialID");
-- A person of the launch documents has one account in use: two would be two votes.
create unique index user_person on identity."user" (person) where "disabledAt" is null;

-- One row, once the first account was made.
create table identity.setup (
  one boolean primary key default true check (one),
  account text not null,
  at timestamptz not null default clock_timestamp()
);

-- Codes that open one thing once, as digests.
create table identity.ticket (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  kind text not null check (kind in ('setup', 'invite', 'reset')),
  account text references identity."user" (id) on delete cascade,
  issued_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint ticket_account check ((kind = 'setup') = (account is null))
);

-- Tokens of automations, as digests; what is revoked stays listed.
create table identity.token (
  id text primary key,
  account text not null references identity."user" (id) on delete cascade,
  name text not null check (name <> ''),
  sha256 bytea not null unique check (octet_length(sha256) = 32),
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  used_at timestamptz,
  constraint token_life check (expires_at <= created_at + interval '366 days')
);
create index token_account on identity.token (account);

-- Codes of authenticators that were used, keyed, so that each opens something once (RFC 6238, 5.2).
create table identity.totp_use (
  account text not null references identity."user" (id) on delete cascade,
  code bytea not null check (octet_length(code) = 32),
  at timestamptz not null default clock_timestamp(),
  primary key (account, code)
);

-- Guesses that were not right, or not yet.
create table identity.try (
  key text not null check (key <> ''),
  at timestamptz not null default clock_timestamp()
);
create index try_key on identity.try (key, at);
create index try_at on identity.try (at);

-- What happened to accounts. Rows are only added; no foreign keys, because the row outlives what it is about.
create table identity.event (
  id bigint primary key generated always as identity,
  at timestamptz not null default clock_timestamp(),
  what text not null check (what <> ''),
  account text,
  by text,
  ip text,
  detail text not null
);
create index event_account on identity.event (account, id);
create trigger event_kept before update or delete or truncate on identity.event
  for each statement execute function tminus.refuse_change();
alter table identity.event enable always trigger event_kept;
