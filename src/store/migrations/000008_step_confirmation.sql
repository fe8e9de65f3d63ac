-- The signed word of a person who closed a step of a run stands in the log, too.
alter table tminus.log_entry drop constraint log_entry_kind_check;
alter table tminus.log_entry add constraint log_entry_kind_check
  check (kind in ('evidence', 'waiver', 'approval', 'action-vote', 'step-confirmation', 'decision'));
