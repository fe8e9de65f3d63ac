-- What a comparison of a dataset came to that somebody asked a server for; checks keep theirs as evidence. The report lies in `blob`.
create table tminus.reconcile_report (
  id bigint generated always as identity primary key,
  launch text not null,
  environment text not null,
  dataset text not null,
  plan_hash bytea not null,
  started_by text not null,
  report_sha256 bytea not null references tminus.blob (sha256),
  at timestamptz not null default clock_timestamp()
);
create index reconcile_report_newest on tminus.reconcile_report (launch, environment, dataset, id desc);
create trigger reconcile_report_kept before update or delete or truncate on tminus.reconcile_report
  for each statement execute function tminus.refuse_change();
alter table tminus.reconcile_report enable always trigger reconcile_report_kept;
