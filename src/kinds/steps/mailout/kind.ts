import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepKind, StepOutcome } from '../../../core/step/step-kind.ts';
import { openTemplates } from '../open-templates.ts';
import { noDeeds, toFailed } from '../step-outcome.ts';
import { mailoutStepReader } from './reader.ts';
import type { MailoutStepSpec } from './schema.ts';

/** The step kind `mailout`. An address is claimed before its mail leaves, so that an interrupted one goes on with those that are left. */
export const mailoutStepKind: StepKind = { ...mailoutStepReader, run, probe };

async function run(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return toFailed(noDeeds);
  const opened = await openTemplates(written, context);
  return opened.ok ? await deeds.sendMailout(opened.spec as unknown as MailoutStepSpec, context) : opened.end;
}

async function probe(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { deeds } = context;
  if (deeds === undefined) return { result: 'unknown', detail: noDeeds };
  const opened = await openTemplates(written, context);
  if (!opened.ok) return { result: 'unknown', detail: opened.end.detail };
  return await deeds.probeMailout(opened.spec as unknown as MailoutStepSpec, context);
}
