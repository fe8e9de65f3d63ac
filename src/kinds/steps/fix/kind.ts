import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { openTemplates } from '../open-templates.ts';
import { noDeeds, toFailed } from '../step-outcome.ts';
import { fixStepReader } from './reader.ts';
import type { FixStepSpec } from './schema.ts';

/** The step kind `fix`. What was done is told by the moves of the fix, so that an interrupted one goes on where it was. */
export const fixStepKind: StepKind = { ...fixStepReader, run, probe };

async function run(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return toFailed(noDeeds);
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened.end;
  const { do: deed, ...wish } = opened.spec as unknown as FixStepSpec;
  return deed === 'apply' ? await deeds.applyFix(wish, context) : await deeds.undoFix(wish, context);
}

async function probe(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return { result: 'unknown', detail: noDeeds };
  const opened = await openTemplates(written, context);
  if (!opened.ok) return { result: 'unknown', detail: opened.end.detail };
  const { do: deed, ...wish } = opened.spec as unknown as FixStepSpec;
  if (deed === 'apply') return await deeds.probeFix(wish, context);
  return { result: 'not_applied', detail: 'taking a fix back goes on where it was, and changes nothing twice' };
}
