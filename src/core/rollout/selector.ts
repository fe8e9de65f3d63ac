import { RE2JS } from 're2js';

/** Labels of a series. */
export interface Labels {
  readonly [label: string]: string;
}

/** One condition on a label; a label that is not there counts as empty. */
export interface LabelMatcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** `http_requests_total{arm="canary",code=~"5.."}`: which counters are meant, by name and labels. */
export interface Selector {
  name: string;
  matchers: LabelMatcher[];
}

/** What was read, or where it went wrong. */
export type ReadSelectors = { ok: true; selectors: Selector[] } | { ok: false; expected: string; got: string };

const name = /[a-zA-Z_:][a-zA-Z0-9_:.]*/y;
const label = /[a-zA-Z_][a-zA-Z0-9_.]*/y;
const operator = /=~|!~|!=|=/y;
const quoted = /"((?:[^"\\\n]|\\.)*)"/y;
const mostSelectors = 20;

/**
 * Reads selectors joined by `+`. There are no functions in it: what a function returns is no counter, and one of `sum` or `increase` hides that a
 * counter began again.
 */
export function readSelectors(text: string): ReadSelectors {
  const cursor = { text, at: 0 };
  const selectors: Selector[] = [];
  do {
    const selector = readSelector(cursor);
    if (selector === null) return refuse(cursor);
    selectors.push(selector);
  } while (take(cursor, /\+/y) !== null);
  skipSpace(cursor);
  return cursor.at === text.length && selectors.length <= mostSelectors ? { ok: true, selectors } : refuse(cursor);
}

interface Cursor {
  text: string;
  at: number;
}

function refuse({ text, at }: Cursor): ReadSelectors {
  const expected = 'counters such as name{label="value"}, joined by + where several make up the number';
  return {
    ok: false,
    expected,
    got: at === 0 ? text || 'nothing' : `${text.slice(at, at + 40) || 'its end'} at ${at}`,
  };
}

function readSelector(cursor: Cursor): Selector | null {
  const found = take(cursor, name);
  if (found === null) return null;
  const selector: Selector = { name: found, matchers: [] };
  if (take(cursor, /\{/y) === null) return selector;
  while (take(cursor, /\}/y) === null) {
    const matcher = readMatcher(cursor);
    if (matcher === null) return null;
    selector.matchers.push(matcher);
    if (take(cursor, /,/y) === null) return take(cursor, /\}/y) === null ? null : selector;
  }
  return selector;
}

function readMatcher(cursor: Cursor): LabelMatcher | null {
  const on = take(cursor, label);
  const by = on === null ? null : take(cursor, operator);
  const value = by === null ? null : take(cursor, quoted);
  if (on === null || by === null || value === null) return null;
  const matcher = { label: on, operator: by as LabelMatcher['operator'], value: unescape(value.slice(1, -1)) };
  return by.endsWith('~') && !isPattern(matcher.value) ? null : matcher;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, letter: string) => (letter === 'n' ? '\n' : letter === 't' ? '\t' : letter));
}

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  skipSpace(cursor);
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found === null) return null;
  cursor.at = pattern.lastIndex;
  return found[0];
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
}

/** Returns whether a series is meant by a selector. Patterns are those of RE2, anchored at both ends, as in Prometheus. */
export function createMatcher(selector: Selector): (series: { name: string; labels: Labels }) => boolean {
  const tests = selector.matchers.map(createTest);
  return ({ name: of, labels }) => of === selector.name && tests.every((test) => test(labels));
}

function createTest({ label: on, operator: by, value }: LabelMatcher): (labels: Labels) => boolean {
  const valueOf = (labels: Labels): string => (Object.hasOwn(labels, on) ? labels[on]! : '');
  if (by === '=') return (labels) => valueOf(labels) === value;
  if (by === '!=') return (labels) => valueOf(labels) !== value;
  const pattern = RE2JS.compile(value, RE2JS.DOTALL);
  return (labels) => pattern.matches(valueOf(labels)) === (by === '=~');
}

/** Returns a selector as Prometheus reads it. */
export function renderSelector({ name: of, matchers }: Selector): string {
  return `${of}{${matchers.map((one) => `${one.label}${one.operator}"${escape(one.value)}"`).join(',')}}`;
}

function escape(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
