import type { StepKind } from '../../../core/step/step-kind.ts';
import { notifyReader } from './reader.ts';

/** The step kind `notify`. Whether a message arrived can only be asked of people, so there is no probe. The mail library is loaded when a message is sent. */
export const notifyKind: StepKind = {
  ...notifyReader,
  run: async (spec, context) => await (await import('./run.ts')).runNotify(spec, context),
  probe: null,
};
