import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { openTemplates } from '../open-templates.ts';
import { noDeeds, toFailed } from '../step-outcome.ts';
import { importStepReader } from './reader.ts';
import type { ImportStepSpec } from './schema.ts';

/** The step kind `import`. What was done is told by the moves of its batch, so that an interrupted one goes on where it was. */
export const importStepKind: StepKind = { ...importStepReader, run, probe };

async function run(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return toFailed(noDeeds);
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened.end;
  const { do: deed, ...wish } = opened.spec as unknown as ImportStepSpec;
  return deed === 'apply' ? await deeds.applyImport(wish, context) : await deeds.rollBackImport(wish, context);
}

async function probe(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return { result: 'unknown', detail: noDeeds };
  const opened = await openTemplates(written, context);
  if (!opened.ok) return { result: 'unknown', detail: opened.end.detail };
  const { do: deed, ...wish } = opened.spec as unknown as ImportStepSpec;
  if (deed === 'apply') return await deeds.probeImport(wish, context);
  return { result: 'not_applied', detail: 'taking an import back goes on where it was, and changes nothing twice' };
}
