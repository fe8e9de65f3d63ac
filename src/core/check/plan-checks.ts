import type { LogEntry } from '@tminus/verify';

import type { Candidate } from '../candidate/candidate.ts';
import { newestEvidence } from '../evidence/newest-evidence.ts';
import { foreignness, staleness } from '../evidence/staleness.ts';
import type { Criterion, Gate, Launch } from '../launch/launch.ts';
import type { CheckDeclaration } from './check.ts';
import { resolveTemplates } from './resolve-templates.ts';
import type { ResolvedCheck } from './resolve-templates.ts';
import { toTemplateValues } from './template-values.ts';

/** Where a criterion stands before checks are run. Only `due` is run. */
export interface PlannedCheck {
  criterion: string;
  title: string;
  gate: string;
  /** `fresh` has evidence that still speaks; `waiting` is for a person; `blocked` cannot be asked; `undeclared` has no check. */
  state: 'due' | 'fresh' | 'waiting' | 'blocked' | 'undeclared';
  reason: string;
  check: CheckDeclaration | null;
  /** The check with templates filled in; null unless due. */
  asked: Extract<ResolvedCheck, { ok: true }> | null;
  /** Id of the newest evidence there is, which a new record supersedes. */
  newest: string | null;
}

export interface PlanInput {
  launch: Launch;
  planHash: string;
  candidate: Candidate;
  candidateSha256: string;
  /** The launch's log in its order. */
  entries: readonly LogEntry[];
  /** Milliseconds since the epoch. */
  now: number;
  /** Ids of the criteria to plan; all where absent. */
  only?: readonly string[];
  /** Runs checks whose evidence is still fresh, too. */
  force?: boolean;
}

/** Every criterion without children, once, in document order, with whether its check is due and why, or why not. */
export function planChecks(input: PlanInput): PlannedCheck[] {
  const planned = new Map<string, PlannedCheck>();
  const environment = input.launch.environments.find(({ id }) => id === input.candidate.environment) ?? null;
  const values = toTemplateValues({
    candidate: input.candidate,
    environment,
    launch: input.launch,
    planHash: input.planHash,
  });
  for (const gate of input.launch.gates) {
    for (const criterion of gate.criteria.flatMap((each) => leaves(each))) {
      const isWanted = !input.only || input.only.includes(criterion.id);
      if (isWanted && !planned.has(criterion.id))
        planned.set(criterion.id, planOne(input, { gate, criterion, values }));
    }
  }
  return [...planned.values()];
}

function leaves(criterion: Criterion): Criterion[] {
  return criterion.children.length === 0 ? [criterion] : criterion.children.flatMap((child) => leaves(child));
}

interface Leaf {
  gate: Gate;
  criterion: Criterion;
  values: ReturnType<typeof toTemplateValues>;
}

function planOne(input: PlanInput, { gate, criterion, values }: Leaf): PlannedCheck {
  const { check } = criterion;
  const newest = newestEvidence(input.entries, criterion.id);
  const planned = {
    criterion: criterion.id,
    title: criterion.title,
    gate: gate.id,
    check,
    asked: null,
    newest: newest?.id ?? null,
  };
  if (criterion.human) return { ...planned, ...assessWord(input, criterion, criterion.freshMs ?? gate.freshMs) };
  if (!check) return { ...planned, state: 'undeclared', reason: 'has no check: nothing can prove it' };
  const need = assessNeed(input, { criterion: criterion.id, check, freshMs: criterion.freshMs ?? gate.freshMs });
  if (!need.isDue) return { ...planned, state: 'fresh', reason: need.reason };
  const asked = resolveTemplates(check, values);
  if (asked.ok) return { ...planned, state: 'due', reason: need.reason, asked };
  const faults = asked.faults.map(
    ({ path, expected, got, hint }) => `${path.join('.')}: expected ${expected}, got ${got} (${hint})`,
  );
  return { ...planned, state: 'blocked', reason: faults.join('; ') };
}

/** Whether a person's word still stands. Which check it answered is for the gate to judge; here it is enough that they signed for this plan. */
function assessWord(
  input: PlanInput,
  { id, role }: Criterion,
  freshMs: number | null,
): Pick<PlannedCheck, 'state' | 'reason'> {
  const { launch, planHash, candidate, candidateSha256, entries, now } = input;
  const binding = { launch: launch.id, planHash, candidateSha256, environment: candidate.environment };
  const found = newestEvidence(entries, id, ({ producer }) => producer.kind === 'person');
  const stands =
    found?.record.judgement.outcome === 'pass' &&
    staleness(found.record, { ...binding, checkSha256: found.record.check.sha256, freshMs, now }) === null;
  if (found && stands) return { state: 'fresh', reason: `signed at ${found.record.observedAt} and still fresh` };
  return { state: 'waiting', reason: `waits for ${role ? `a person with role ${role}` : 'a person'}` };
}

interface Need {
  criterion: string;
  check: CheckDeclaration;
  freshMs: number | null;
}

/**
 * Goes by the newest evidence that speaks about this very plan, candidate, environment and check, as a gate does: evidence for
 * another candidate in between neither helps nor hurts. Where there is none, the newest of all says why it does not speak.
 */
function assessNeed(input: PlanInput, { criterion, check, freshMs }: Need): { isDue: boolean; reason: string } {
  const { launch, planHash, candidate, candidateSha256, entries, now } = input;
  const binding = { launch: launch.id, planHash, candidateSha256, environment: candidate.environment };
  const wanted = { ...binding, checkSha256: check.sha256, freshMs, now };
  const found =
    newestEvidence(entries, criterion, (record) => foreignness(record, wanted) === null) ??
    newestEvidence(entries, criterion);
  if (!found) return { isDue: true, reason: 'never observed' };
  const reason = staleness(found.record, wanted);
  if (reason !== null) return { isDue: true, reason: `stale: ${reason}` };
  const { outcome } = found.record.judgement;
  if (outcome === 'fail') return { isDue: true, reason: 'failed last time' };
  if (outcome !== 'pass') return { isDue: true, reason: 'was not decided last time' };
  if (input.force) return { isDue: true, reason: 'forced' };
  return { isDue: false, reason: `passed at ${found.record.observedAt} and is still fresh` };
}
