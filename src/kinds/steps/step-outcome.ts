import type { JsonObject } from '@tminus/verify';

import type { StepOutcome } from '../../core/step/step-kind.ts';
import { toPlainText } from '../checks/unreadable.ts';

/** Why a step that stands on the store of Tminus cannot be carried out where there is none around it. */
export const noDeeds = 'expected the store of tminus around the step, got none';

/** Returns the outcome of an attempt that did its work. */
export function toDone(detail: string, facts: JsonObject = {}): StepOutcome {
  return { outcome: 'done', detail: toPlainText(detail, 480), facts };
}

/** Returns the outcome of an attempt that had its say and did not do its work. */
export function toFailed(detail: string, facts: JsonObject = {}): StepOutcome {
  return { outcome: 'failed', detail: toPlainText(detail, 480), facts };
}

/** Returns the outcome of an attempt that ended because it was asked to. */
export function toStopped(detail: string, facts: JsonObject = {}): StepOutcome {
  return { outcome: 'stopped', detail: toPlainText(detail, 480), facts };
}
