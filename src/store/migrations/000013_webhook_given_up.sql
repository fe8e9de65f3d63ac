-- The first event of those that were given up since the last delivery that arrived: a webhook that is switched off goes back before it.
alter table tminus.webhook add column given_up_from bigint;
