import { describe, expect, it } from 'vitest';

import type { CanonType } from '../canon.ts';
import type { ColumnStep } from '../dataset.ts';
import { applySteps } from './apply-steps.ts';
import { misread, undoMisreading } from './misreading.ts';

const apply = (value: string | null, does: ColumnStep['does'], ...rest: [CanonType, ...string[]]): string | null => {
  const [type, ...given] = rest;
  return applySteps(value, { steps: [{ does, arguments: given }], to: { type, scale: null } });
};

describe('applySteps', () => {
  it.each<[string, string | null, ColumnStep['does'], [CanonType, ...string[]], string | null]>([
    ['trims', ' a ', 'trim', ['text'], 'a'],
    [
      'multiplies exactly, past what a double holds',
      '90071992547409.93',
      'multiply',
      ['integer', '100'],
      '9007199254740993',
    ],
    ['translates what is listed', 'N', 'translate', ['text', 'N', 'new', 'P', 'paid'], 'new'],
    ['leaves what is not listed', 'X', 'translate', ['text', 'N', 'new'], 'X'],
    ['makes nothing of a text', 'n/a', 'null-if', ['text', 'n/a', ''], null],
    ['fills what is missing', null, 'default', ['text', 'unknown'], 'unknown'],
    ['keeps null through every other step', null, 'upper', ['text'], null],
    [
      'gives a zone to a local time',
      '2026-07-01T12:00:00',
      'zone',
      ['timestamptz', 'Europe/Berlin'],
      '2026-07-01T10:00:00Z',
    ],
    ['reads words for true', 'Yes', 'boolean', ['boolean'], 'true'],
    ['rounds half away from zero', '2.345', 'scale', ['decimal', '2'], '2.35'],
    ['repairs what was misread', 'ZoÃ«', 'mojibake', ['text'], 'Zoë'],
    ['leaves a text that was not misread', 'Zoë', 'mojibake', ['text'], 'Zoë'],
  ])('C13 %s', (...[, value, does, given, expected]) => {
    expect(apply(value, does, ...given)).toBe(expected);
  });

  it('C13 refuses what it cannot take, and never says the value', () => {
    expect(() => apply('maybe-secret', 'boolean', 'boolean')).toThrow(
      /^expected a word for true or false, got something else$/,
    );
    expect(() => apply('1.5', 'trim', 'integer')).toThrow('expected a whole number');
    // Clocks in Berlin showed this time twice.
    expect(() => apply('2026-10-25T02:30:00', 'zone', 'timestamptz', 'Europe/Berlin')).toThrow('exactly once');
    expect(() => apply('a', 'token', 'text')).toThrow('a token is made for the target alone');
  });

  it('undoes exactly what misreading does', () => {
    for (const text of ['Zoë Ångström', '€ 5 – “fünf”', 'naïve 東京 😀'])
      expect(undoMisreading(misread(text) ?? '')).toBe(text);
    expect(misread('plain')).toBeNull();
  });
});
