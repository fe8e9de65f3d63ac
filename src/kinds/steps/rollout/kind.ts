import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { openTemplates } from '../open-templates.ts';
import { noDeeds, toFailed } from '../step-outcome.ts';
import { rolloutStepReader } from './reader.ts';
import type { RolloutStepSpec } from './schema.ts';

/** The step kind `rollout`. The shift goes on by itself, wherever workers are: the step begins it, follows it and says how it ended. */
export const rolloutStepKind: StepKind = { ...rolloutStepReader, run, probe };

async function run(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return toFailed(noDeeds);
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened.end;
  const { do: deed, rollout, blind = null, to = 0 } = opened.spec as unknown as RolloutStepSpec;
  return deed === 'shift'
    ? await deeds.shiftTraffic({ rollout, blind }, context)
    : await deeds.takeBackTraffic({ rollout, to }, context);
}

async function probe(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return { result: 'unknown', detail: noDeeds };
  const opened = await openTemplates(written, context);
  if (!opened.ok) return { result: 'unknown', detail: opened.end.detail };
  const { do: deed, rollout } = opened.spec as unknown as RolloutStepSpec;
  if (deed === 'shift') return await deeds.probeTraffic({ rollout }, context);
  return { result: 'not_applied', detail: 'the weight is set again, and twice is once' };
}
