import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { openTemplates } from '../open-templates.ts';
import { noDeeds, toFailed } from '../step-outcome.ts';
import { snapshotStepReader } from './reader.ts';
import type { SnapshotStepSpec } from './schema.ts';

/** The step kind `snapshot`. A copy that its key has taken whole is not taken again. */
export const snapshotStepKind: StepKind = { ...snapshotStepReader, run, probe };

async function run(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return toFailed(noDeeds);
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened.end;
  const { server: url, password, ...wish } = opened.spec as unknown as SnapshotStepSpec;
  const server = url === null ? null : { url, password };
  const { detail, ...end } = await deeds.takeSnapshot({ ...wish, server }, context);
  return { ...end, detail: opened.hide(detail) };
}

async function probe(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return { result: 'unknown', detail: noDeeds };
  const opened = await openTemplates(written, context);
  if (!opened.ok) return { result: 'unknown', detail: opened.end.detail };
  const { file } = opened.spec as unknown as SnapshotStepSpec;
  return await deeds.probeArchive({ file, store: null }, context);
}
