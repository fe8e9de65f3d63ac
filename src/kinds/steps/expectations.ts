import type { JsonValue, Outcome } from '@tminus/verify';

import type { Expectation, Reading, SpecFault } from '../../core/check/check.ts';
import { judge } from '../../core/check/judge.ts';
import { readExpectation } from '../../core/check/read-expectation.ts';
import { resolveTemplates } from '../../core/check/resolve-templates.ts';
import { listTemplates } from '../../core/step/list-templates.ts';
import { valueOf } from '../../core/step/fill-values.ts';
import type { StepContext } from '../../core/step/step-kind.ts';

/** Returns a fault for each expectation that cannot be read, and for each that would need a secret. */
export function expectationFaults(texts: readonly string[], path: (string | number)[]): SpecFault[] {
  return texts.flatMap((text, index): SpecFault[] => {
    const read = readExpectation(text);
    const at = [...path, index];
    if (!read.ok) return [{ path: at, expected: read.fault.expected, got: read.fault.got, hint: read.fault.hint }];
    if (!listTemplates(text).some(({ kind }) => kind === 'secret')) return [];
    return [
      { path: at, expected: 'a value that may be recorded', got: text, hint: 'expect something that is no secret' },
    ];
  });
}

/** What was seen, held against expectations; `seen` names in one line what did not hold. */
export interface Judged {
  outcome: Outcome;
  seen: string;
}

/** Judges what was read by expectations as they are written, with the values of the attempt in them. A value stays a value: it cannot change the expectation. */
export function judgeTexts(texts: readonly string[], reading: Reading, context: StepContext): Judged {
  const read = fillExpectations(texts, context);
  if (!read.ok) return { outcome: 'unknown', seen: read.missing };
  return judgeFilled(read.expectations, reading);
}

/** Judges what was read by expectations without templates. */
export function judgeFilled(expectations: readonly Expectation[], reading: Reading): Judged {
  const { outcome, findings } = judge(expectations, reading);
  const open = findings.filter((finding) => finding.outcome !== 'pass');
  const seen = (open.length > 0 ? open : findings).map(({ rule, got }) => `expected ${rule}, got ${got}`).join('; ');
  return { outcome, seen };
}

/** Returns the expectations with the values of the attempt in them. */
export function fillExpectations(
  texts: readonly string[],
  { variables }: Pick<StepContext, 'variables'>,
): { ok: true; expectations: Expectation[] } | { ok: false; missing: string } {
  const values = new Map(listTemplates([...texts] as JsonValue).map((each) => [each.name, valueOf(each, variables)]));
  const expectations = texts.flatMap((text) => {
    const read = readExpectation(text);
    return read.ok ? [read.expectation] : [];
  });
  const filled = resolveTemplates({ spec: {}, expectations }, values);
  if (filled.ok) return { ok: true, expectations: filled.expectations };
  return {
    ok: false,
    missing: filled.faults.map(({ expected, got }) => `expected ${expected}, got ${got}`).join('; '),
  };
}
