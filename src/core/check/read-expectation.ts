import type { Expectation, Operator } from './check.ts';
import { Cursor, ExpectationRefusal } from './cursor.ts';
import type { ExpectationFault } from './cursor.ts';
import { readPath, toPathText } from './read-path.ts';
import { hasTemplate, readValue } from './read-value.ts';

export type ReadExpectation = { ok: true; expectation: Expectation } | { ok: false; fault: ExpectationFault };

const operatorPattern = /(?:==|!=|<=|>=|<|>)(?![=<>!])|(?:contains|matches|in|exists|missing)(?![\w.-])/y;

/** Longest text that is read: more than any person writes, little enough that reading it costs nothing. */
const longestText = 4096;

/**
 * Reads one expectation: `path operator value`, as in `status == 200`, `latency < 500ms`, `json.items[0].id exists`.
 *
 * Values are plain decimals with a unit or without (`ms s m h d` become milliseconds, `B KB MB GB KiB MiB GiB` bytes, `%` a fraction of 1),
 * texts in quotes, single words, `true`, `false`, `null`, lists `[a, b]`, patterns `/…/` after `matches`, and `{{ … }}` templates kept as text.
 * What could hold for everything (`contains ""`, `in []`) is a fault.
 */
export function readExpectation(text: string): ReadExpectation {
  const cursor = new Cursor(text);
  try {
    if (text.length > longestText)
      cursor.refuse(`at most ${longestText} characters`, 'split the expectation, or compare a digest');
    return { ok: true, expectation: readWhole(cursor) };
  } catch (error) {
    if (error instanceof ExpectationRefusal) return { ok: false, fault: error.fault };
    throw error;
  }
}

function readWhole(cursor: Cursor): Expectation {
  cursor.skipSpace();
  const path = readPath(cursor);
  cursor.skipSpace();
  const operator = readOperator(cursor);
  cursor.skipSpace();
  const start = cursor.at;
  if (operator === 'exists' || operator === 'missing') {
    if (!cursor.isAtEnd()) cursor.refuse(`nothing after ${operator}`, 'leave the value out, or compare with ==');
    return { text: `${toPathText(path)} ${operator}`, path, operator, value: null };
  }
  const value = readValue(cursor, operator);
  return { text: `${toPathText(path)} ${operator} ${cursor.text.slice(start).trim()}`, path, operator, value };
}

function readOperator(cursor: Cursor): Operator {
  const operator = cursor.take(operatorPattern);
  if (operator !== null) return operator as Operator;
  const hint =
    cursor.text[cursor.at] === '=' ? 'write == for equality' : 'put an operator between the path and the value';
  return cursor.refuse('one of == != < <= > >= contains matches in exists missing', hint);
}

/** Names of the templates that stand in the expectation's value are filled in later; a pattern never has one. */
export function isTemplated(expectation: Expectation): boolean {
  const values = Array.isArray(expectation.value) ? expectation.value : [expectation.value];
  return values.some((value) => typeof value === 'string' && hasTemplate(value));
}

/**
 * The expectation with another value, and a text that reads back to exactly that value.
 * A filled-in template must stay text: a commit of digits only would otherwise come back as a number.
 */
export function withValue(expectation: Expectation, value: Expectation['value']): Expectation {
  const { path, operator } = expectation;
  const written = Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    : JSON.stringify(value);
  return { text: `${toPathText(path)} ${operator} ${written}`, path, operator, value };
}
