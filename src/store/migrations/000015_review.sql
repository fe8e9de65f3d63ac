-- What people decided about versions of documents, and what they said beside their lines. Nothing of it stands in the documents.

-- One move of the review of a document; where a version stands follows from its moves.
create table tminus.document_move (
  id bigint generated always as identity primary key,
  launch text not null,
  path text not null,
  -- Counts over all versions of a document: two people who move it at once cannot both be next.
  number integer not null check (number > 0),
  -- Digest of the bytes that were moved; they are kept in `blob`.
  version text not null check (version ~ '^[0-9a-f]{64}$'),
  move text not null check (move in ('submit', 'withdraw', 'begin-review', 'request-changes', 'pass-review', 'approve', 'reject', 'lock', 'unlock')),
  person text not null,
  -- The human behind the account at that moment.
  human text not null,
  reason text,
  at timestamptz not null default clock_timestamp(),
  unique (launch, path, number)
);
create trigger document_move_kept before update or delete or truncate on tminus.document_move
  for each statement execute function tminus.refuse_change();
alter table tminus.document_move enable always trigger document_move_kept;

-- What was said; a thread is known by its first comment.
create table tminus.document_comment (
  id bigint generated always as identity primary key,
  launch text not null,
  path text not null,
  -- Null begins a thread.
  thread bigint references tminus.document_comment (id),
  deed text not null check (deed in ('comment', 'resolve', 'reopen')),
  version text not null check (version ~ '^[0-9a-f]{64}$'),
  -- Null where it is about the whole document.
  line integer check (line > 0),
  quote text not null,
  person text not null,
  text text not null,
  at timestamptz not null default clock_timestamp(),
  check (thread is not null or deed = 'comment'),
  check (deed <> 'comment' or text <> '')
);
create index document_comment_of on tminus.document_comment (launch, path, id);
create trigger document_comment_kept before update or delete or truncate on tminus.document_comment
  for each statement execute function tminus.refuse_change();
alter table tminus.document_comment enable always trigger document_comment_kept;
