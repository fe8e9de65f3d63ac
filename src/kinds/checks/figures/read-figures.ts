import type { JsonObject, JsonValue } from '@tminus/verify';

import type { MetricBound } from '../../../core/dashboard/read-metric-bound.ts';
import { toAgeText } from '../age-text.ts';
import { isObject } from '../parse-json.ts';
import { toDurationMs } from '../report-spec.ts';
import { toPlainText, Unreadable } from '../unreadable.ts';
import { boundOf } from './schema.ts';
import type { FiguresSpec } from './schema.ts';

const seconds: { readonly [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3_600 };
const known = new Set(['value', 'source', 'date', 'note']);
/** Clocks and days of two places may differ by this much; a figure from further ahead would stay young for ever. */
const skewMs = 60_000;

/** Returns every figure that is asked for, with its level. Throws `Unreadable` where one is missing, has no source or date, is too old, or is of another unit: no part of an answer is taken for the whole. */
export function readFigures({ figures, maxAge }: FiguresSpec, written: JsonValue, nowMs: number): JsonObject[] {
  if (!isObject(written)) throw new Unreadable('malformed', 'expected figures by name, got something else');
  // A spec that was stored has its keys in another order, and has to give the same facts.
  const ordered = Object.entries(figures).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return ordered.map(([name, { target, alert }]) => {
    const entry = Object.hasOwn(written, name) ? written[name]! : null;
    if (!isObject(entry))
      throw new Unreadable('missing', `${name}: expected a figure with value, source and date, got none`);
    const stray = Object.keys(entry).find((key) => !known.has(key));
    if (stray !== undefined)
      throw new Unreadable(
        'malformed',
        `${name}: expected value, source, date and note, got ${toPlainText(stray, 40)}`,
      );
    const [well, broken] = [boundOf(target), boundOf(alert)];
    const value = readValue(name, entry['value'], well);
    const level = holds(broken, value) ? 'alert' : holds(well, value) ? 'ok' : 'warn';
    return { name, value, target, alert, level, ...readOrigin(name, entry, { nowMs, maxAge }) };
  });
}

function readValue(name: string, written: JsonValue | undefined, { unit }: MetricBound): number {
  const text = typeof written === 'number' || typeof written === 'string' ? String(written).trim() : '';
  const [, digits, of] = /^([+-]?\d+(?:\.\d+)?) ?(%|ms|s|m|h)?$/.exec(text) ?? [];
  const got = of === undefined ? 'number' : of === '%' ? 'share' : 'seconds';
  if (digits === undefined || got !== unit)
    throw new Unreadable(
      'malformed',
      `${name}: expected a value in the unit of its target (${unit}), got ${text === '' ? 'none' : toPlainText(text, 40)}`,
    );
  const factor = of === undefined ? 1 : of === '%' ? 0.01 : seconds[of]!;
  return Number((Number(digits) * factor).toPrecision(12));
}

function readOrigin(
  name: string,
  { source, date }: JsonObject,
  { nowMs, maxAge }: { nowMs: number; maxAge: string },
): JsonObject {
  if (typeof source !== 'string' || source.trim() === '')
    throw new Unreadable('missing', `${name}: expected where it is from, got no source`);
  const day = typeof date === 'string' ? date : '';
  const atMs = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/.test(day) ? Date.parse(day) : Number.NaN;
  // 30 February is read as 2 March.
  if (Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(day.slice(0, 10)))
    throw new Unreadable(
      'malformed',
      `${name}: expected a date such as 2026-11-20, got ${day === '' ? 'none' : toPlainText(day, 40)}`,
    );
  const ageMs = nowMs - atMs;
  if (ageMs < -skewMs) throw new Unreadable('stale', `${name}: expected a date of the past, got ${day}`);
  if (ageMs > toDurationMs(maxAge))
    throw new Unreadable('stale', `${name}: expected at most ${maxAge} old, got ${toAgeText(ageMs)}`);
  return { source: toPlainText(source, 500), date: day, ageMs };
}

function holds({ is, value }: MetricBound, got: number): boolean {
  if (is === '<') return got < value;
  if (is === '<=') return got <= value;
  return is === '>' ? got > value : got >= value;
}
