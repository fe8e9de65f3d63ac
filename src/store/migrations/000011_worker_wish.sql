-- What a person wants of a worker; the worker reads the newest row of its own when it says that it is there. Rows are only added.
create table tminus.worker_wish (
  id bigint generated always as identity primary key,
  worker text not null,
  -- Null leaves the slots as they are.
  slots integer check (slots between 1 and 64),
  drain boolean not null,
  person text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp()
);
create index worker_wish_newest on tminus.worker_wish (worker, id desc);
