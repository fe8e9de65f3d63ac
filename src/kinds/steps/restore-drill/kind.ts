import type { StepKind } from '../../../core/step/step-kind.ts';
import { openTemplates } from '../open-templates.ts';
import { noDeeds, toFailed } from '../step-outcome.ts';
import { drillStepReader } from './reader.ts';
import type { DrillStepSpec } from './schema.ts';

/** The step kind `restore-drill`. It leaves nothing but a report of its own, so that it can be asked again and needs no probe. */
export const drillStepKind: StepKind = {
  ...drillStepReader,
  run: async (written, context) => {
    const { deeds } = context;
    if (deeds === undefined) return toFailed(noDeeds);
    const opened = await openTemplates(written, context);
    if (!opened.ok) return opened.end;
    const { archive, store, sha256, identity, server: url, password } = opened.spec as unknown as DrillStepSpec;
    const server = url === null ? null : { url, password };
    const { detail, ...end } = await deeds.drillArchive({ archive, store, sha256, identity, server }, context);
    return { ...end, detail: opened.hide(detail) };
  },
  probe: null,
};
