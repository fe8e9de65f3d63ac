import type { JsonObject } from '@tminus/verify';

import type { Fence, SpecFault } from '../../core/check/check.ts';
import type { ReadStepFence } from '../../core/step/step-kind.ts';
import { infoLine, readAttributes } from '../checks/fence-attributes.ts';

/** Attributes of a fence that say how the engine treats the step, whatever its kind. */
const engineAttributes = new Set(['timeout', 'undo', 'interrupted', 'retries', 'class']);

/** Returns the attributes of a fence that are the kind's own, or a fault for each that nobody knows. */
export function readStepAttributes(
  fence: Fence,
  known: readonly string[],
): { ok: true; spec: JsonObject } | Extract<ReadStepFence, { ok: false }> {
  const own = Object.entries(fence.attributes).filter(([name]) => known.includes(name) || !engineAttributes.has(name));
  const { spec, faults } = readAttributes({ ...fence, attributes: Object.fromEntries(own) }, known);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, spec };
}

/** Returns faults of a spec at the line of the fence that it was read from: 0 for what stands in the text, else the info string. */
export function toFenceFaults(
  faults: readonly SpecFault[],
  textKeys: readonly string[],
): Extract<ReadStepFence, { ok: false }> {
  return {
    ok: false,
    faults: faults.map(({ path, expected, got, hint }) => ({
      line: textKeys.includes(String(path[0])) ? 0 : infoLine,
      column: 1,
      expected,
      got,
      hint,
    })),
  };
}

/** Refuses any fence: for kinds that are written as `yaml step` only. */
export function refuseStepFence(fence: Fence): ReadStepFence {
  const expected = 'a fence of a kind that has its own language';
  return {
    ok: false,
    faults: [{ line: 0, column: 1, expected, got: fence.language, hint: 'write it as a yaml step' }],
  };
}
