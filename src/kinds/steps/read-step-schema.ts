import type { JsonValue } from '@tminus/verify';
import type { z } from 'zod';

import type { ReadSpec, SpecFault } from '../../core/check/check.ts';
import { templateFaults } from '../../core/step/list-templates.ts';
import { readSchema } from '../checks/read-schema.ts';

/** Reads what was written for a step by a schema of strict objects: the spec with defaults, or every fault at once, those of templates included. */
export function readStepSchema<Schema extends z.ZodType>(
  schema: Schema,
  written: JsonValue,
  more: (spec: z.output<Schema>) => SpecFault[] = () => [],
): ReadSpec {
  const read = readSchema(schema, written);
  if (!read.ok) return read;
  const faults = [...templateFaults(read.spec), ...more(read.spec as z.output<Schema>)];
  return faults.length === 0 ? read : { ok: false, faults };
}
