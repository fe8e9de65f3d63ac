import type { JsonObject, JsonValue } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ReadSpec } from '../../../core/check/check.ts';
import { templateFaults } from '../../../core/step/list-templates.ts';
import type { StepReader } from '../../../core/step/step-kind.ts';
import { readSchema, toJsonSchema } from '../../checks/read-schema.ts';
import { describeCheck, readCheckSpec, writtenCheckSchema } from '../written-check.ts';
import { refuseStepFence } from '../step-fence.ts';

const checkStepSchema = z.strictObject({ check: writtenCheckSchema });

/** Returns the pure half of the step kind `check` over these kinds of checks. */
export function createCheckStepReader(readers: readonly CheckReader[]): StepReader {
  return {
    kind: 'check',
    summary: 'Observes once and is done only where every expectation is seen to hold and could have failed.',
    jsonSchema: toJsonSchema(checkStepSchema),
    readSpec: (written) => readSpec(readers, written),
    fenceLanguages: [],
    readFence: refuseStepFence,
    actionClass: () => 'medium_read',
    listEffects: (spec) => {
      const { kind, target } = describeCheck(spec['check'] as JsonObject);
      return [{ does: 'read', target, text: `observes a check of kind ${kind} and judges it` }];
    },
    undoSpec: () => null,
  };
}

function readSpec(readers: readonly CheckReader[], written: JsonValue): ReadSpec {
  const read = readSchema(checkStepSchema, written);
  if (!read.ok) return read;
  const check = readCheckSpec(readers, read.spec['check'] as JsonObject);
  if (!check.ok) return { ok: false, faults: check.faults.map((each) => ({ ...each, path: ['check', ...each.path] })) };
  const faults = templateFaults(check.check);
  return faults.length === 0 ? { ok: true, spec: { check: check.check } } : { ok: false, faults };
}
