import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { PersonalCategory } from '../dataset.ts';
import type { CanonType } from '../canon.ts';
import { keepShape } from './keep-shape.ts';
import { permute } from './permute.ts';
import { createPseudonyms } from './pseudonym.ts';

const mac = (text: string): Uint8Array => createHmac('sha256', 'k').update(text).digest();
const scrub = (value: string, category: PersonalCategory, type: CanonType = 'text', limit: number | null = null) =>
  createPseudonyms(mac)(value, { name: 'x', type, category, limit });

describe('pseudonyms', () => {
  it.each([2n, 3n, 10n, 97n, 256n, 900n])('C25 a permutation of %s numbers meets no two and keeps none', (size) => {
    const values = Array.from({ length: Number(size) }, (_, value) => BigInt(value));
    const moved = values.map((value) => permute(value, size, mac));
    expect(new Set(moved).size).toBe(Number(size));
    expect(moved.every((to, from) => to !== BigInt(from) && to >= 0n && to < size)).toBe(true);
  });

  it('C25 keeps the shape of accounts and phones, and the width of integers', () => {
    expect(keepShape('AB-0042/x', mac)).toMatch(/^[A-Z]{2}-\d{4}\/[a-z]$/);
    expect(scrub('+49 (30) 12-34', 'phone')).toMatch(/^\+\d\d \(\d\d\) \d\d-\d\d$/);
    for (const value of ['2147483646', '32766', '9223372036854775806'])
      expect(BigInt(keepShape(value, mac)!)).toBeLessThanOrEqual(BigInt(value) + 1n);
    expect(scrub('-1234.50', 'account', 'decimal')).toMatch(/^-[1-9]\d{3}\.50$/);
    expect(scrub('1234', 'account', 'integer')).toBe(scrub('1234', 'account'));
  });

  it.each([
    ['1815-12-10', 'date'],
    ['1815-12-10T10:00:00.5Z', 'timestamptz'],
    ['0000-01-01', 'date'],
    ['9999-12-31', 'date'],
  ] as const)('C25 moves %s by at most 45 days, and never by none', (value, type) => {
    const moved = scrub(value, 'birth', type);
    const days = Math.abs(Date.parse(moved) - Date.parse(value)) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(1);
    expect(days).toBeLessThanOrEqual(45);
    expect(moved.slice(10)).toBe(value.slice(10));
  });

  it('C25 has a form for each category that fits its column, and refuses what has none', () => {
    expect(scrub('ada@shop.test', 'email')).toMatch(/^[\da-f]{16}@example\.invalid$/);
    expect(scrub('ada@shop.test', 'email', 'text', 12)).toHaveLength(12);
    expect(scrub('Ada Lovelace', 'name')).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(scrub('550e8400-e29b-41d4-a716-446655440000', 'account', 'uuid')).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
    expect(JSON.parse(scrub('{"a":1}', 'other', 'json'))).toMatch(/^scrubbed-/);
    expect(scrub('', 'name')).toBe('');
    expect(() => scrub('true', 'other', 'boolean')).toThrow(/declare it under redact/);
    expect(() => scrub('infinity', 'birth', 'date')).toThrow(/a day of four digits/);
  });
});
