import { listTopOperators } from './split-promql.ts';

/** A question to Prometheus that has an answer while all is well, and what then has to hold. */
export interface AlertQuestion {
  query: string;
  expect: string[];
}

const absent = /^absent\s*\(([\s\S]*)\)\s*(?:==\s*1\s*)?$/;
const setWords = new Set(['and', 'or', 'unless']);

/**
 * Returns what has to be asked so that an alert is known not to fire; null where its expression cannot be turned round. An alert is silent where all is well, where its
 * series are missing and where its values are no numbers. So its values are asked for, and the comparison becomes an expectation: of nothing and of NaN it is unknown.
 */
export function toAlertQuestions(expression: string): AlertQuestion[] | null {
  const text = expression.trim();
  const operators = listTopOperators(text);
  if (operators === null || text.includes('{{') || text.length > 3_900) return null;
  const ors = operators.filter(({ text: word }) => setWords.has(word));
  if (ors.some(({ text: word }) => word !== 'or')) return null;
  const cuts = [-2, ...ors.map(({ at }) => at), text.length];
  const parts = cuts.slice(1).map((end, index) => text.slice(cuts[index]! + 2, end).trim());
  const asked = parts.map(toQuestion);
  return asked.every((question) => question !== null) ? asked : null;
}

function toQuestion(part: string): AlertQuestion | null {
  const [, inner] = absent.exec(part) ?? [];
  // `absent(a) or absent(b)` was cut before; parentheses that close early are no one call.
  if (inner !== undefined && listTopOperators(inner) !== null)
    return { query: `count${enclose(inner)}`, expect: ['value > 0'] };
  const operators = listTopOperators(part);
  const [comparison] = operators ?? [];
  if (comparison === undefined || operators?.length !== 1) return null;
  const left = part.slice(0, comparison.at).trim();
  const right = part.slice(comparison.at + comparison.text.length).trim();
  return left === '' || right === '' || /^bool\b/i.test(right) ? null : toCompared(left, comparison.text, right);
}

const literal = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/;
/** How series of both sides are matched stands behind the operator (PromQL, vector matching). */
const matching = /^(?:(?:on|ignoring)\s*\([^)]*\)\s*(?:group_(?:left|right)\s*(?:\([^)]*\)\s*)?)?)?/i;

/** For each comparison that fires: what holds of the difference of its sides where it fires for no series at all. */
const silences: { readonly [comparison: string]: (bound: string) => string[] } = {
  '>': (bound) => [`max <= ${bound}`],
  '>=': (bound) => [`max < ${bound}`],
  '<': (bound) => [`min >= ${bound}`],
  '<=': (bound) => [`min > ${bound}`],
  '!=': (bound) => [`min == ${bound}`, `max == ${bound}`],
};

function toCompared(left: string, comparison: string, right: string): AlertQuestion {
  const silence = silences[comparison];
  if (silence !== undefined && literal.test(right)) return { query: left, expect: silence(String(Number(right))) };
  const [match] = matching.exec(right)!;
  const difference = `${enclose(left)} - ${match}${enclose(right.slice(match.length))}`;
  // What fires at one value is silent on both sides of it.
  if (silence === undefined) return { query: `abs(${difference})`, expect: ['min > 0'] };
  return { query: difference, expect: silence('0') };
}

/** A comment at the end must not swallow the parenthesis. */
function enclose(text: string): string {
  return text.includes('#') ? `(${text.trim()}\n)` : `(${text.trim()})`;
}
