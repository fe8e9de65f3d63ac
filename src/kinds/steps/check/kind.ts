import type { JsonObject } from '@tminus/verify';

import type { CheckKind } from '../../../core/check/check.ts';
import type { StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { observeAndJudge } from '../observe-and-judge.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import { describeCheck } from '../written-check.ts';
import type { WrittenCheckSpec } from '../written-check.ts';
import { createCheckStepReader } from './reader.ts';

/** Returns the step kind `check`: any of these kinds as a step. It changes nothing, so it can be asked again and needs no probe. */
export function createCheckStep(kinds: readonly CheckKind[]): StepKind {
  return { ...createCheckStepReader(kinds), run: (spec, context) => runCheck(kinds, spec, context), probe: null };
}

async function runCheck(kinds: readonly CheckKind[], spec: JsonObject, context: StepContext): Promise<StepOutcome> {
  const check = spec['check'] as WrittenCheckSpec;
  const kind = kinds.find((each) => each.kind === check.kind);
  if (kind === undefined) return toFailed(`check ${check.kind}: expected a kind of that name, got none`);
  if (context.signal.aborted) return toStopped('stopped before it began');
  const { target } = describeCheck(check);
  const look = await observeAndJudge(kind, check, context);
  if (look.state === 'stopped') return toStopped(`${check.kind} ${target}: stopped before it was done`);
  const facts = { check: check.kind, outcome: look.outcome };
  const detail = `${check.kind} ${target}: ${look.outcome}, ${look.seen}`;
  return look.outcome === 'pass' ? toDone(detail, facts) : toFailed(detail, facts);
}
