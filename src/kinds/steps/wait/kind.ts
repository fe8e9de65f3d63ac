import { setTimeout as sleep } from 'node:timers/promises';

import type { JsonObject } from '@tminus/verify';

import type { CheckKind } from '../../../core/check/check.ts';
import type { StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { observeAndJudge } from '../observe-and-judge.ts';
import type { Look } from '../observe-and-judge.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import type { WrittenCheckSpec } from '../written-check.ts';
import { createWaitStepReader, isPureWait } from './reader.ts';
import type { PollSpec } from './reader.ts';

/** Returns the step kind `wait` over these kinds of checks. It changes nothing, so it can begin again and needs no probe. */
export function createWaitStep(kinds: readonly CheckKind[]): StepKind {
  return { ...createWaitStepReader(kinds), run: (spec, context) => runWait(kinds, spec, context), probe: null };
}

/** Asks until the check passes so many times in a row; an answer that is not known, and one that fails, begin the row anew. */
async function runWait(kinds: readonly CheckKind[], written: JsonObject, context: StepContext): Promise<StepOutcome> {
  if (isPureWait(written))
    return toFailed('a wait for time: expected core to end it, got a worker; plan it as a pause');
  const spec = written as unknown as PollSpec;
  const check = spec.until as WrittenCheckSpec;
  const kind = kinds.find((each) => each.kind === check.kind);
  if (kind === undefined) return toFailed(`check ${check.kind}: expected a kind of that name, got none`);
  const limit = AbortSignal.timeout(spec.within);
  const signal = AbortSignal.any([context.signal, limit]);
  let row = 0;
  let looks = 0;
  let last: Look = { state: 'stopped' };
  while (!signal.aborted && row < spec.times) {
    const look = await observeAndJudge(kind, check, { ...context, signal });
    if (look.state === 'stopped') break;
    last = look;
    looks += 1;
    row = look.outcome === 'pass' ? row + 1 : 0;
    context.progress(row, spec.times, look.seen);
    if (row < spec.times) await sleep(spec.every, undefined, { signal }).catch(() => undefined);
  }
  const facts = { check: check.kind, looks, row };
  const seen = last.state === 'seen' ? last.seen : 'nothing yet';
  if (row >= spec.times) return toDone(`${check.kind}: passed ${row} times in a row: ${seen}`, facts);
  if (context.signal.aborted) return toStopped(`${check.kind}: stopped after ${looks} looks: ${seen}`, facts);
  return toFailed(
    `${check.kind}: expected ${spec.times} passes in a row within ${spec.within} ms, got ${row}: ${seen}`,
    facts,
  );
}
