-- Notices beyond the screen: what each person wants to be told by mail, and what was told.

create table tminus.notice_choice (
  person text primary key,
  -- Kinds of notices that are mailed; empty for none.
  mail text[] not null,
  -- Rises with each change.
  version integer not null default 1,
  at timestamptz not null default clock_timestamp()
);

-- One notice to one person by one channel: whoever looks a second time finds it told, or on its way.
create table tminus.notice_delivery (
  person text not null,
  channel text not null check (channel in ('mail')),
  -- Kind, thing and due time.
  notice text not null,
  -- Null for what is about the installation.
  launch text,
  subject text not null,
  body text not null,
  -- `quiet`: the comms of its environment let nothing leave.
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'quiet', 'failed')),
  -- What the other side said, or why it was not told.
  detail text,
  made_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  primary key (person, channel, notice),
  check ((state = 'waiting') = (ended_at is null))
);
create index notice_delivery_newest on tminus.notice_delivery (person, made_at desc);

-- Channels that a worker of this installation looks after, and when it last looked for notices.
create table tminus.notice_channel (
  channel text primary key,
  sender text not null,
  looked_at timestamptz not null default clock_timestamp()
);
