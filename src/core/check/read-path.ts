import type { Cursor } from './cursor.ts';

const bareName = /[A-Za-z_$][\w$-]*/y;
const position = /\[(0|[1-9]\d{0,8})\]/y;
const bracketOpen = /\[(?=["'])/y;
const quotedText = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;

/**
 * Reads `headers["content-type"]` or `json.items[0].id` at the cursor.
 * Names are letters, digits, `_`, `$` and `-`; anything else stands in brackets and quotes.
 */
export function readPath(cursor: Cursor): (string | number)[] {
  const first = cursor.take(bareName);
  if (first === null)
    cursor.refuse('a path such as status or json.items[0].id', 'begin the expectation with the name of a fact');
  const path: (string | number)[] = [first];
  while (!cursor.isAtEnd()) {
    const step = readStep(cursor);
    if (step === null) return path;
    path.push(step);
  }
  return path;
}

function readStep(cursor: Cursor): string | number | null {
  if (cursor.take(/\./y))
    return cursor.take(bareName) ?? cursor.refuse('a name after the dot', 'write other names as ["a name"]');
  const index = cursor.take(position);
  if (index !== null) return Number(index);
  if (cursor.take(bracketOpen)) {
    const key = readQuoted(cursor) ?? cursor.refuse('a name in quotes', 'close the quote');
    if (!cursor.take(/\]/y)) cursor.refuse('] after the name', 'close the bracket');
    return key;
  }
  if (cursor.take(/\[/y)) cursor.refuse('an index from 0 or a name in quotes', 'write [0] or ["a name"]');
  return null;
}

/** Text in double or single quotes with the escapes of JSON; null where no quoted text stands here. */
export function readQuoted(cursor: Cursor): string | null {
  const start = cursor.at;
  const written = cursor.take(quotedText);
  if (written === null) return null;
  const text = parseQuoted(written);
  if (text?.isWellFormed()) return text;
  const hint = String.raw`write a backslash as \\ and a line break as \n`;
  return cursor.refuse('a quoted text with the escapes of JSON', hint, start);
}

function parseQuoted(written: string): string | null {
  try {
    return JSON.parse(written.startsWith("'") ? toDoubleQuoted(written) : written) as string;
  } catch {
    return null;
  }
}

function toDoubleQuoted(written: string): string {
  const body = written
    .slice(1, -1)
    .replaceAll(/\\.|"/gs, (part) => (part === '"' ? String.raw`\"` : part === String.raw`\'` ? "'" : part));
  return `"${body}"`;
}

/** The path as it is written: the shortest form that reads back to the same steps. */
export function toPathText(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
