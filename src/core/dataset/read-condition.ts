import { RE2JS } from 're2js';

import type { RowCondition } from './dataset.ts';

/** A condition that cannot be read, and what to write. */
export interface ConditionFault {
  expected: string;
  hint: string;
}

export type ReadCondition = { ok: true; condition: RowCondition } | { ok: false; fault: ConditionFault };

const column = /^\s*(?:"([^"]+)"|([\p{L}_][\p{L}\p{N}_$.-]*))\s*/u;
const operator = /^(==|!=|<=|>=|<|>|is\b|in\b|matches\b|missing\b|exists\b)\s*/;

/**
 * Returns the condition that a line such as `channel == fax`, `email matches ^test@`, `state in a, b` or `sold_at exists` stands for. `is` means
 * `==`. A value may stand in double quotes, and has to where it begins or ends with white space or holds a comma.
 *
 * condition = column SP operator [ SP value *( "," value ) ]; column = name / DQUOTE text DQUOTE.
 */
export function readCondition(text: string): ReadCondition {
  const named = column.exec(text);
  if (named === null) return refuse('COLUMN OPERATOR VALUE', 'begin with the name of a column, such as channel == fax');
  const rest = text.slice(named[0].length);
  const compared = operator.exec(rest);
  if (compared === null)
    return refuse('==, !=, <, <=, >, >=, in, matches, missing or exists behind the column', 'write channel == fax');
  const found = compared[1] === 'is' ? '==' : (compared[1] as RowCondition['operator']);
  const values = readValues(found, rest.slice(compared[0].length).trim());
  if (!Array.isArray(values)) return { ok: false, fault: values };
  return {
    ok: true,
    condition: {
      column: named[1] ?? named[2] ?? '',
      operator: found,
      values,
      text: text.replaceAll(/\s+/g, ' ').trim(),
    },
  };
}

function readValues(found: RowCondition['operator'], written: string): string[] | ConditionFault {
  if (found === 'missing' || found === 'exists')
    return written === '' ? [] : { expected: `nothing behind ${found}`, hint: 'remove what stands behind it' };
  if (written === '') return { expected: `a value behind ${found}`, hint: 'use missing for a value that is not there' };
  if (found === 'matches') return readPattern(written);
  const values = splitValues(written);
  if (values === null)
    return { expected: 'values apart by commas, each in quotes or without any', hint: 'close the quotes' };
  if (found !== 'in' && values.length > 1)
    return { expected: `one value behind ${found}`, hint: 'use in for several, or put the value in quotes' };
  return values;
}

/** RE2 decides in time linear in the text: the value of a row must not be able to stall an import. */
function readPattern(written: string): string[] | ConditionFault {
  const pattern = /^"(.*)"$/s.exec(written)?.[1] ?? written;
  try {
    RE2JS.compile(pattern);
    return [pattern];
  } catch {
    return {
      expected: 'a pattern in the syntax of RE2',
      hint: 'look-around and back-references have no linear-time form',
    };
  }
}

function splitValues(written: string): string[] | null {
  const values: string[] = [];
  const part = /\s*(?:"([^"]*)"|([^",]*[^",\s]))\s*(?:,|$)/y;
  while (part.lastIndex < written.length) {
    const found = part.exec(written);
    if (found === null) return null;
    values.push(found[1] ?? found[2] ?? '');
  }
  return written.endsWith(',') ? null : values;
}

function refuse(expected: string, hint: string): ReadCondition {
  return { ok: false, fault: { expected, hint } };
}
