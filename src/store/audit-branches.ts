import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** Kinds of rows of the audit, and where each comes from. */
export const auditKinds = [
  'run',
  'access',
  'log',
  'identity',
  'grant',
  'hold',
  'secret',
  'approval',
  'queue',
  'rehearsal',
] as const;

export type AuditKind = (typeof auditKinds)[number];

/**
 * Every source as rows of the same columns: source and key (unique together, and sorted as text), at, launch, environment, run, person, what, outcome,
 * subjects (`KIND:ID`, the one that it is about first), reason, entry (id in the log). What a source does not know is null.
 */
export const auditBranches: { readonly [kind in AuditKind]: readonly RawBuilder<unknown>[] } = {
  run: [
    sql`select 'event' as source, lpad(e.cursor::text, 20, '0') as key, e.recorded_at as at, r.launch, r.environment, e.run,
      coalesce(e.body->>'by', e.body->'hold'->>'by', e.body->'approval'->>'approver', e.body->'run'->>'requestedBy', e.body->'set'->'notes'->-1->>'by') as person,
      e.type as what, case when e.body->>'kind' = 'refused' then 'refused' else e.body->>'move' end as outcome,
      array_remove(array[
        case when jsonb_typeof(e.body->'step') = 'string' then 'step:' || e.run || '/' || (e.body->>'step') end,
        'hold:' || coalesce(e.body->'hold'->>'id', case when jsonb_typeof(e.body->'hold') = 'string' then e.body->>'hold' end),
        'run:' || e.run], null) as subjects,
      coalesce(e.body->>'reason', e.body->'hold'->>'reason', e.body->>'text', e.body->>'cause', '') as reason, null::text as entry
      from tminus.event e join tminus.run r on r.id = e.run`,
  ],
  access: [
    sql`select 'access' as source, lpad(d.id::text, 20, '0') as key, d.at, d.launch, d.environment, d.run, d.actor as person, d.permission as what,
      case when not d.allowed then 'refused' when d.exception then 'exception' else 'allowed' end as outcome,
      array_remove(array['step:' || d.run || '/' || d.subject, 'run:' || d.run, 'subject:' || d.subject, 'person:' || d.actor], null) as subjects,
      d.reason, null::text as entry from tminus.access_decision d`,
  ],
  log: [
    sql`select 'log' as source, encode(e.id, 'hex') as key, e.observed_at as at, l.launch,
      coalesce(b.body->>'environment', b.body->'statement'->>'environment') as environment, b.body->'statement'->>'run' as run,
      coalesce(b.body->'statement'->>'person', b.body->'producer'->>'person', b.body->'producer'->>'tool') as person, e.kind as what,
      coalesce(b.body->'judgement'->>'outcome', b.body->>'outcome', b.body->'statement'->>'vote') as outcome,
      array_remove(array['criterion:' || e.criterion,
        'gate:' || coalesce(b.body->>'gate', b.body->'statement'->>'gate'), 'approval:' || (b.body->'statement'->>'request'),
        'step:' || (b.body->'statement'->>'run') || '/' || (b.body->'statement'->>'step'), 'run:' || (b.body->'statement'->>'run')], null) as subjects,
      coalesce(b.body->'statement'->>'comment', b.body->'statement'->>'reason', b.body->'trouble'->>'message', '') as reason, encode(e.id, 'hex') as entry
      from tminus.log_entry e join tminus.log l on l.id = e.log
      cross join lateral (select convert_from(e.body, 'UTF8')::jsonb as body) b`,
  ],
  identity: [
    sql`select 'identity' as source, lpad(e.id::text, 20, '0') as key, e.at, null::text as launch, null::text as environment, null::text as run,
      coalesce(b.person, b.email, e.by) as person, e.what, case when e.what like 'refused%' then 'refused' end as outcome,
      array_remove(array['account:' || e.account, 'person:' || a.person], null) as subjects,
      concat_ws(', ', nullif(e.detail, ''), 'from ' || e.ip) as reason, null::text as entry
      from identity.event e left join identity."user" b on b.id = e.by left join identity."user" a on a.id = e.account`,
  ],
  grant: [
    sql`select 'grant' as source, g.id as key, g.given_at as at, g.launch, g.environment, null::text as run, g.given_by as person,
      'given: ' || g.role || ' to ' || g.holder as what, case when g.break_glass_reason is not null then 'exception' end as outcome,
      array['grant:' || g.id, 'person:' || g.holder] as subjects, g.reason, null::text as entry from tminus.access_grant g`,
    sql`select 'revocation' as source, v.grant_id as key, v.revoked_at as at, v.launch, g.environment, null::text as run, v.revoked_by as person,
      'revoked' as what, null::text as outcome, array_remove(array['grant:' || v.grant_id, 'person:' || g.holder], null) as subjects, v.reason, null::text as entry
      from tminus.access_revocation v left join tminus.access_grant g on g.id = v.grant_id`,
    sql`select 'group' as source, lpad(p.number::text, 20, '0') as key, p.written_at as at, p.launch, null::text as environment, null::text as run,
      p.written_by as person, 'group: ' || p.id as what, null::text as outcome, array['group:' || p.id] as subjects,
      array_to_string(p.people, ', ') as reason, null::text as entry from tminus.access_group p`,
  ],
  hold: [
    sql`select 'hold' as source, lpad(h.number::text, 20, '0') as key, h.put_at as at, h.launch, h.environment, null::text as run, h.put_by as person,
      'put: ' || h.scope as what, null::text as outcome, array['hold:' || h.id] as subjects, h.reason, null::text as entry from tminus.standing_hold h`,
    sql`select 'lift' as source, lpad(h.number::text, 20, '0') as key, h.lifted_at as at, h.launch, h.environment, null::text as run, h.lifted_by as person,
      'lifted: ' || h.scope as what, null::text as outcome, array['hold:' || h.id] as subjects, h.lift_reason as reason, null::text as entry
      from tminus.standing_hold h where h.lifted_at is not null`,
  ],
  secret: [
    sql`select 'secret' as source, lpad(s.id::text, 20, '0') as key, s.at, s.launch, s.environment, null::text as run, s.actor as person,
      'secret ' || s.kind as what, s.outcome, array['secret:' || s.secret] as subjects, concat_ws(': ', s.purpose, s.trouble) as reason, null::text as entry
      from tminus.secret_access s`,
    sql`select 'rotation' as source, lpad(s.id::text, 20, '0') as key, s.at, s.launch, null::text as environment, null::text as run, s.actor as person,
      'rotation' as what, s.state as outcome, array['secret:' || s.secret] as subjects, s.detail as reason, null::text as entry from tminus.secret_rotation s`,
  ],
  approval: [
    sql`select 'approval' as source, a.id as key, a.requested_at as at, a.launch, a.environment, a.run, a.requester as person,
      'asked for level ' || a.level as what, null::text as outcome, array['approval:' || a.id, 'run:' || a.run] as subjects,
      coalesce(a.body->>'reason', '') as reason, null::text as entry from tminus.approval_request a`,
  ],
  queue: [
    sql`select 'queue' as source, lpad(q.id::text, 20, '0') as key, q.at, null::text as launch, null::text as environment, null::text as run, q.person,
      q.action as what, null::text as outcome, array['letter:' || q.letter] as subjects, q.reason, null::text as entry from tminus.dead_letter_action q`,
  ],
  rehearsal: [
    sql`select 'rehearsal' as source, r.id as key, r.at, r.launch, r.environment, null::text as run, null::text as person,
      'rehearsed: ' || r.procedure as what, case when r.passed then 'pass' else 'fail' end as outcome, array['rehearsal:' || r.id] as subjects,
      '' as reason, null::text as entry from tminus.rehearsal r`,
  ],
};
