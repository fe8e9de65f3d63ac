-- How far traces were exported: spans are made of events, so that whoever goes on after another process loses none and names them the same. One row, made by the first export.
create table tminus.trace_export (
  one boolean primary key default true check (one),
  -- Cursor of the last event whose spans were sent, or given up.
  position bigint not null,
  exported bigint not null default 0,
  dropped bigint not null default 0,
  -- Why the last try came to nothing; null where it did not.
  trouble text,
  updated_at timestamptz not null default clock_timestamp()
);
