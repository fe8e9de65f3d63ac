-- A go/no-go poll at a gate: somebody who leads asks the room until a time. Votes themselves are signed and stand in the log.
create table tminus.poll (
  id bigint generated always as identity primary key,
  launch text not null,
  environment text not null,
  gate text not null,
  -- Digest of the decision that the room was asked about: another decision is another question.
  subject text not null check (subject ~ '^[0-9a-f]{64}$'),
  opened_by text not null,
  opened_at timestamptz not null default clock_timestamp(),
  closes_at timestamptz not null,
  closed_by text,
  closed_at timestamptz,
  check (closes_at > opened_at),
  check ((closed_by is null) = (closed_at is null))
);
create unique index poll_open on tminus.poll (launch, environment, gate) where closed_at is null;
create index poll_of_gate on tminus.poll (launch, environment, gate, id desc);

-- What a person has read and put away. What it was about stays as it is.
create table tminus.notice_dismissal (
  person text not null,
  notice text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (person, notice)
);
