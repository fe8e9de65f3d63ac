import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, SpecFault } from '../../core/check/check.ts';
import { listTemplates } from '../../core/step/list-templates.ts';
import { expectationFaults } from './expectations.ts';

/** A check inside a step, as under `yaml check`: `kind`, `expect`, and the keys of the kind. */
export type WrittenCheckSpec = JsonObject & { kind: string; expect: string[] };

/** What may be written for a check inside a step; the kind's own keys are read by the kind. */
export const writtenCheckSchema = z
  .looseObject({
    kind: z.string().min(1).describe('Kind of the check.'),
    expect: z.array(z.string().min(1)).default([]).describe('Expectations; those of the kind where there are none.'),
  })
  .describe('A check as under `yaml check`, with the keys of its kind.');

/** Returns the check with the kind's defaults filled in, or every fault of it. Secrets are refused: what a check is asked is recorded. */
export function readCheckSpec(
  readers: readonly CheckReader[],
  written: JsonObject,
): { ok: true; check: WrittenCheckSpec } | { ok: false; faults: SpecFault[] } {
  const { kind, expect, ...own } = writtenCheckSchema.parse(written) as WrittenCheckSpec;
  const reader = readers.find((each) => each.kind === kind);
  if (reader === undefined) {
    const known = readers.map((each) => each.kind).join(', ');
    return {
      ok: false,
      faults: [{ path: ['kind'], expected: `one of ${known}`, got: kind, hint: 'name a check kind' }],
    };
  }
  const read = reader.readSpec(own);
  if (!read.ok) return read;
  const faults = expectationFaults(expect, ['expect']);
  if (listTemplates(read.spec).some((template) => template.kind === 'secret'))
    faults.push({ path: [], expected: 'values that may be recorded', got: 'a secret', hint: 'ask without it' });
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    check: { ...read.spec, kind, expect: expect.length > 0 ? expect : reader.defaultExpectations(read.spec) },
  };
}

/** Returns what a check looks at: the text of its spec that says most, else the whole of it. */
export function describeCheck(check: JsonObject): { kind: string; target: string } {
  const { kind, expect: _, ...own } = check;
  const named = ['url', 'query', 'path', 'argv', 'host', 'name'].map((key) => own[key]).find((each) => each != null);
  const target = typeof named === 'string' ? named : JSON.stringify(named ?? own);
  return { kind: kind as string, target: target.slice(0, 2000) };
}
