import type { Finding, JsonValue, Judgement, Outcome } from '@tminus/verify';

import type { Expectation, Reading } from './check.ts';
import { compareValues } from './compare-values.ts';
import { findFact } from './find-fact.ts';
import { isTemplated } from './read-expectation.ts';
import { toShownText, toShownValue } from './show-value.ts';

/**
 * Holds every expectation against what was read. `pass` needs at least one expectation and every one of them seen to hold:
 * an unreadable source, a missing value, a value of another type and an empty list of expectations are all `unknown`.
 */
export function judge(expectations: readonly Expectation[], reading: Reading): Judgement {
  const findings = expectations.map((expectation) => judgeOne(expectation, reading));
  return { outcome: worstOutcome(findings.map((finding) => finding.outcome)), findings };
}

/** `fail` before `unknown` before `pass`; the empty list is `unknown`. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.length > 0 && outcomes.every((outcome) => outcome === 'pass') ? 'pass' : 'unknown';
}

function judgeOne(expectation: Expectation, reading: Reading): Finding {
  const end = (outcome: Outcome, got: string): Finding => ({
    rule: expectation.text,
    outcome,
    expected: toExpectedText(expectation),
    got: toShownText(got),
  });
  if (reading.state === 'unreadable') return end('unknown', `${reading.trouble.code}: ${reading.trouble.message}`);
  if (isTemplated(expectation)) return end('unknown', 'a template that was not filled in');
  const fact = findFact(reading.facts, expectation.path);
  if (expectation.operator === 'exists' || expectation.operator === 'missing')
    return judgePresence(expectation.operator, fact, end);
  if (fact.state === 'absent') return end('unknown', fact.reason);
  const holds = compareValues(fact.value, expectation.operator, expectation.value);
  if (holds === undefined)
    return end(
      'unknown',
      `${typeName(fact.value)} ${toShownValue(fact.value)}, which ${expectation.operator} cannot compare with ${typeName(expectation.value)}`,
    );
  return end(holds ? 'pass' : 'fail', toShownValue(fact.value));
}

/** Null is nothing: it does not exist. Absence counts only where the place that would hold the value was itself seen. */
function judgePresence(
  operator: 'exists' | 'missing',
  fact: ReturnType<typeof findFact>,
  end: (outcome: Outcome, got: string) => Finding,
): Finding {
  if (fact.state === 'absent' && !fact.parentSeen) return end('unknown', fact.reason);
  const isThere = fact.state === 'present' && fact.value !== null;
  return end(
    isThere === (operator === 'exists') ? 'pass' : 'fail',
    fact.state === 'present' ? toShownValue(fact.value) : fact.reason,
  );
}

function toExpectedText({ operator, value }: Expectation): string {
  if (operator === 'exists' || operator === 'missing') return operator;
  return toShownText(
    `${operator} ${operator === 'matches' && typeof value === 'string' ? value : toShownValue(value)}`,
  );
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'the list';
  const names: Record<string, string> = { string: 'the text', number: 'the number', boolean: 'the truth value' };
  return names[typeof value] ?? 'the object';
}
