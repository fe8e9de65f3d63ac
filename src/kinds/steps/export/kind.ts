import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { openTemplates } from '../open-templates.ts';
import { noDeeds, toFailed } from '../step-outcome.ts';
import { exportStepReader } from './reader.ts';
import type { ExportStepSpec } from './schema.ts';

/** The step kind `export`. An archive that its key has written whole is not written again. */
export const exportStepKind: StepKind = { ...exportStepReader, run, probe };

async function run(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return toFailed(noDeeds);
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened.end;
  const { detail, ...end } = await deeds.writeArchive(opened.spec as unknown as ExportStepSpec, context);
  return { ...end, detail: opened.hide(detail) };
}

async function probe(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return { result: 'unknown', detail: noDeeds };
  const opened = await openTemplates(written, context);
  if (!opened.ok) return { result: 'unknown', detail: opened.end.detail };
  const { result, detail } = await deeds.probeArchive(opened.spec as unknown as ExportStepSpec, context);
  return { result, detail: opened.hide(detail) };
}
