import { describe, expect, it } from 'vitest';

import type { AcceptanceRow } from './acceptance-record.ts';
import { findActs, isComplete } from './find-acts.ts';

const at = (second: number): string => `2026-12-05T12:00:${String(second).padStart(2, '0')}.000000Z`;
const step = 'step:r1/look';

/** Everything that a pass wants, a second after each other. */
const whole: AcceptanceRow[] = [
  { kind: 'signed-in', ref: 'identity/1', at: at(1) },
  { kind: 'home', ref: 'sight/1', at: at(2), work: [['run:r1', step]], isWaitingKnown: true },
  { kind: 'opened', ref: 'sight/2', at: at(3), subject: 'run:r1' },
  { kind: 'document', ref: 'sight/3', at: at(4), subject: 'document:launch.md' },
  { kind: 'finished', ref: 'log/1', at: at(5), subject: step, how: 'completed', proof: 'photo 12' },
  { kind: 'home', ref: 'sight/4', at: at(6), work: [], isWaitingKnown: true },
];

const missing = (rows: readonly AcceptanceRow[], startedAt = at(0)): string[] =>
  findActs(startedAt, rows).flatMap(({ action, row }) => (row === null ? [action] : []));
const changed = (ref: string, patch: object): AcceptanceRow[] =>
  whole.map((row) => (row.ref === ref ? { ...row, ...patch } : row));

describe('an acceptance pass', () => {
  it('D12 is complete by six rows, each in its place, in whatever order they were found', () => {
    const acts = findActs(at(0), whole.toReversed());
    expect(acts.map(({ action, row }) => `${action} ${row?.ref}`)).toEqual([
      'sign-in identity/1',
      'see-work sight/1',
      'open-work sight/2',
      'finish-work log/1',
      'see-waiting sight/4',
      'use-document sight/3',
    ]);
    expect(isComplete(acts)).toBe(true);
    expect(isComplete([])).toBe(false);
  });

  it.each([
    ['identity/1', ['sign-in', 'see-work', 'open-work', 'finish-work', 'see-waiting', 'use-document']],
    ['sight/1', ['see-work', 'open-work', 'finish-work', 'see-waiting']],
    ['sight/2', ['open-work', 'finish-work', 'see-waiting']],
    ['sight/3', ['use-document']],
    ['log/1', ['finish-work', 'see-waiting']],
    ['sight/4', ['see-waiting']],
  ])('D12 without %s it lacks what that row shows, and what rests on it', (ref, lacks) => {
    const rows = whole.filter((row) => row.ref !== ref);
    expect(missing(rows)).toEqual(lacks);
    expect(isComplete(findActs(at(0), rows))).toBe(false);
  });

  it('D12 what was done before the pass began, or before the sign-in, shows nothing', () => {
    expect(missing(whole, at(6))).toHaveLength(6);
    expect(missing(changed('identity/1', { at: at(9) }))).toHaveLength(5);
  });

  it('D12 work without proof, other work than was opened, and work that was opened afterwards are not finished', () => {
    const lacks = ['finish-work', 'see-waiting'];
    expect(missing(changed('log/1', { proof: '  ' }))).toEqual(lacks);
    expect(missing(changed('log/1', { subject: 'step:r1/other' }))).toEqual(lacks);
    expect(missing(changed('sight/2', { at: at(7) }))).toEqual(lacks);
    expect(missing(changed('sight/2', { subject: 'run:r2' }))).toEqual(['open-work', ...lacks]);
  });

  it('D14 what waits was not seen while nobody knew all of it', () => {
    expect(missing(changed('sight/4', { isWaitingKnown: false }))).toEqual(['see-waiting']);
  });

  it('D12 what is done later changes nothing of a complete pass', () => {
    const later: AcceptanceRow[] = whole.map((row) => ({
      ...row,
      ref: `${row.ref}9`,
      at: row.at.replace(':00:', ':30:'),
    }));
    expect(findActs(at(0), [...whole, ...later])).toEqual(findActs(at(0), whole));
  });
});
