import type { HomeFact, RecurringFact } from '../../core/home/home-fact.ts';
import { recurringScope } from '../../core/schedule/recurring.ts';
import type { RecurringLine } from '../../core/schedule/to-recurring-lines.ts';
import { readRecurring } from '../recurring/read-recurring.ts';
import type { RunLook } from './find-run-facts.ts';

/** What recurs and wants somebody; from the documents and what is stored, so that nobody need have noticed it. */
export async function findRecurringFacts({ store, launch, environments }: RunLook): Promise<RecurringFact[]> {
  const { environment } = launch;
  // Only there does anything recur.
  if (environment === null || !environments.includes(environment)) return [];
  const lines = await readRecurring(store, launch, environment);
  return lines.flatMap((line) => toFacts(launch.id, line));
}

function toFacts(launch: string, line: RecurringLine): RecurringFact[] {
  const { procedure, title, environment, state, people, due, overdue } = line;
  if (state !== 'due' && state !== 'overdue' && state !== 'unwatched') return [];
  const run = due?.run ?? null;
  const dueMs = overdue?.dueMs ?? due?.dueMs ?? null;
  const untilMs = overdue?.sinceMs ?? due?.untilMs ?? null;
  return [{ kind: 'recurring', launch, environment, procedure, title, state, dueMs, untilMs, run, people }];
}

/** The facts without alarms about what stands among them already: one task is one line (D13). */
export function withoutEchoes(facts: readonly HomeFact[]): HomeFact[] {
  const told = new Set(
    facts.flatMap((fact) =>
      fact.kind === 'recurring' ? [`schedule ${recurringScope(fact.launch, fact.environment)} ${fact.procedure}`] : [],
    ),
  );
  return facts.filter((fact) => fact.kind !== 'alarm' || !told.has(fact.subject));
}
