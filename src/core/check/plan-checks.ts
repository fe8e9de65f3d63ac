import type { LogEntry } from '@tminus/verify';

import type { Candidate } from '../candidate/candidate.ts';
import { newestEvidence } from '../evidence/newest-evidence.ts';
import { staleness } from '../evidence/staleness.ts';
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
  const values = toTemplateValues({ candidate: input.candidate, environment, launch: input.launch });
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
  const newest = newestEvidence(input.entries, criterion.id);
  const planned = {
    criterion: criterion.id,
    title: criterion.title,
    gate: gate.id,
    check: criterion.check,
    asked: null,
    newest: newest?.id ?? null,
  };
  if (criterion.human)
    return {
      ...planned,
      state: 'waiting',
      reason: `waits for ${criterion.role ? `a person with role ${criterion.role}` : 'a person'}`,
    };
  if (!criterion.check) return { ...planned, state: 'undeclared', reason: 'has no check: nothing can prove it' };
  const freshMs = criterion.freshMs ?? gate.freshMs;
  const reason = dueReason(input, { check: criterion.check, freshMs, newest });
  if (reason === null)
    return { ...planned, state: 'fresh', reason: `passed at ${newest!.record.observedAt} and is still fresh` };
  const asked = resolveTemplates(criterion.check, values);
  if (asked.ok) return { ...planned, state: 'due', reason, asked };
  const faults = asked.faults.map(
    ({ path, expected, got, hint }) => `${path.join('.')}: expected ${expected}, got ${got} (${hint})`,
  );
  return { ...planned, state: 'blocked', reason: faults.join('; ') };
}

interface Due {
  check: CheckDeclaration;
  freshMs: number | null;
  newest: ReturnType<typeof newestEvidence>;
}

function dueReason(input: PlanInput, { check, freshMs, newest }: Due): string | null {
  if (!newest) return 'never observed';
  const { launch, planHash, candidate, candidateSha256, now } = input;
  const wanted = {
    launch: launch.id,
    planHash,
    candidateSha256,
    environment: candidate.environment,
    checkSha256: check.sha256,
    freshMs,
    now,
  };
  const reasons = staleness(newest.record, wanted);
  if (reasons.length > 0) return `stale because ${reasons.join(' and ')}`;
  const { outcome } = newest.record.judgement;
  if (outcome !== 'pass') return outcome === 'fail' ? 'failed last time' : 'was not decided last time';
  return input.force ? 'forced' : null;
}
