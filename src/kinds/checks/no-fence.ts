import type { Fence, ReadFence } from '../../core/check/check.ts';

/** Refuses any fence: for kinds that are written as `yaml check` only. */
export function refuseFence(fence: Fence): ReadFence {
  const fault = {
    line: 0,
    column: 1,
    expected: 'a fence of a kind that has its own language',
    got: fence.language,
    hint: 'write it as a yaml check',
  };
  return { ok: false, faults: [fault] };
}
