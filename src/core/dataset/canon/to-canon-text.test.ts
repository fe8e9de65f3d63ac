import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { CanonType } from '../canon.ts';
import { writeFloat } from './float.ts';
import { compareDecimals, multiplyDecimals, toDecimal, toInteger } from './numbers.ts';
import { toCanonBytes, toCanonText } from './to-canon-text.ts';
import { fromZone, toTime, toTimestamp, toTimestampTz } from './times.ts';

const doubles = fc.double({ noNaN: true });

describe('canon/1', () => {
  it.each<[CanonType, string, number | null, string]>([
    ['integer', '18446744073709551615', null, '18446744073709551615'],
    ['integer', '007', null, '7'],
    ['integer', '-0', null, '0'],
    ['integer', '5.00', null, '5'],
    ['integer', '5e2', null, '500'],
    ['decimal', '10.5', 2, '10.50'],
    ['decimal', '10.50', null, '10.5'],
    ['decimal', '-0.00', 2, '0.00'],
    ['decimal', '2.345', 2, '2.35'],
    ['decimal', '-2.345', 2, '-2.35'],
    ['decimal', '99.995', 2, '100.00'],
    ['decimal', '1e-3', null, '0.001'],
    ['decimal', 'nan', 2, 'NaN'],
    ['decimal', '123456789012345678901234567890.12', 2, '123456789012345678901234567890.12'],
    ['float', '1e20', null, '1e+20'],
    ['float', '100000000000000000000', null, '1e+20'],
    ['float', '0.00001', null, '1e-05'],
    ['float', '-0', null, '-0'],
    ['float', '12.00005', null, '12.00005'],
    ['float', '0.0001', null, '0.0001'],
    ['float', '1.50', null, '1.5'],
    ['float', '1234567890123456.5', null, '1.2345678901234565e+15'],
    ['decimal', '-0.50', 2, '-0.50'],
    ['decimal', '1.50', 1, '1.5'],
    ['decimal', '100', null, '100'],
    ['decimal', '007.10', 2, '7.10'],
    ['timestamptz', '2026-11-21 13:05:09.123456+00:00', 6, '2026-11-21T13:05:09.123456Z'],
    ['timestamptz', '2026-11-21T13:05:09.123450Z', null, '2026-11-21T13:05:09.12345Z'],
    ['time', '13:05:09.50', 2, '13:05:09.50'],
    ['time', '13:05:09.50', null, '13:05:09.5'],
    ['time', '13:65:09', 0, '14:05:09'],
    ['float', 'inf', null, 'Infinity'],
    ['boolean', 't', null, 'true'],
    ['boolean', '0', null, 'false'],
    ['timestamptz', '2026-11-21 13:05:09.1+01', 6, '2026-11-21T12:05:09.100000Z'],
    ['timestamptz', '2026-01-01 00:00:00.9999996+00', 6, '2026-01-01T00:00:01.000000Z'],
    ['timestamptz', '2026-12-31 23:59:59.9996+00', 3, '2027-01-01T00:00:00.000Z'],
    ['timestamptz', 'infinity', 6, 'infinity'],
    ['timestamp', '0000-00-00 00:00:00', 0, '0000-00-00T00:00:00'],
    ['timestamp', '2026-11-21 13:05:09.120000', null, '2026-11-21T13:05:09.12'],
    ['date', '2026-11-21 00:00:00', null, '2026-11-21'],
    ['time', '-838:59:59', 0, '-838:59:59'],
    ['time', '24:00:00', 3, '24:00:00.000'],
    ['uuid', '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}', null, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['bytes', 'DEAD', null, 'dead'],
    ['json', '{"b":1.0,"a":[1e2,0.10]}', null, '{"a":[100,0.1],"b":1}'],
    ['json', '9007199254740993', null, '9007199254740993'],
    ['text', ' e\u0301 ', null, ' e\u0301 '],
  ])('D31 %s %j at scale %j is %j', (type, text, scale, expected) => {
    expect(toCanonText(text, { type, scale })).toBe(expected);
  });

  it.each<[CanonType, string]>([
    ['integer', '5.1'],
    ['integer', ''],
    ['integer', '0x10'],
    ['decimal', '1,5'],
    ['float', 'one'],
    ['boolean', '2'],
    ['timestamptz', '2026-11-21 13:05:09'],
    ['timestamp', '2026-11-21 13:05:09Z'],
    ['date', '2026-11-21 13:00:00'],
    ['time', 'noon'],
    ['uuid', 'a0eebc99'],
    ['bytes', 'abc'],
    ['json', '{a:1}'],
  ])('D31 a %s cannot be read from %j, and the message does not say it', (type, text) => {
    expect(() => toCanonText(text, { type, scale: null })).toThrow(/^expected .*, got something else$/);
  });

  it('D31 a double reads back from its text, and no two share one', () => {
    fc.assert(
      fc.property(doubles, doubles, (a, b) => {
        expect(Object.is(Number(writeFloat(a)), a)).toBe(true);
        expect(writeFloat(a) === writeFloat(b)).toBe(Object.is(a, b));
      }),
    );
    // Halfway between two doubles: reading it back would rest on the rule of ties.
    expect(Number(writeFloat(1e23))).toBe(1e23);
    expect(writeFloat(1e23)).toBe('9.999999999999999e+22');
  });

  it('D31 whole numbers and decimals of any size keep every digit', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat({ max: 30 }), (value, scale) => {
        expect(BigInt(toInteger(String(value)))).toBe(value);
        const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
        const text = `${value < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
        expect(BigInt(toDecimal(text, scale).replace('.', ''))).toBe(value);
      }),
    );
  });

  it('D31 canonical text is canonical: read again it stays the same', () => {
    const scales = fc.constantFrom(null, 0, 2, 6);
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,20}(?:\.\d{1,12})?$/), scales, (text, scale) => {
        const once = toDecimal(text, scale);
        expect(toDecimal(once, scale)).toBe(once);
      }),
    );
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('0001-01-02'), max: new Date('9999-12-30') }),
        scales,
        (date, scale) => {
          const once = toTimestampTz(date.toISOString(), scale);
          expect(toTimestampTz(once, scale)).toBe(once);
          expect(toTimestamp(once.slice(0, -1), scale)).toBe(once.slice(0, -1));
        },
      ),
    );
  });

  it('D31 exact arithmetic agrees with whole numbers', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(multiplyDecimals(String(a), String(b))).toBe(String(a * b));
        expect(Math.sign(compareDecimals(String(a), String(b)) ?? 9)).toBe(a < b ? -1 : Number(a > b));
      }),
    );
  });

  it('D31 raw bytes are hex, a uuid of 16 bytes, or text that has to be UTF-8', () => {
    expect(toCanonBytes(Uint8Array.of(0, 255), { type: 'bytes', scale: null })).toBe('00ff');
    const uuid = Buffer.from('a0eebc999c0b4ef8bb6d6bb9bd380a11', 'hex');
    expect(toCanonBytes(uuid, { type: 'uuid', scale: null })).toBe('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');
    expect(() => toCanonBytes(Uint8Array.of(0xff), { type: 'text', scale: null })).toThrow('expected text in UTF-8');
  });

  it('D31 a local time becomes a point in time where its clocks showed it once', () => {
    expect(fromZone('2026-07-01T12:00:00.123', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.123Z');
    expect(fromZone('2026-01-01T00:30:00', 'America/St_Johns')).toBe('2026-01-01T04:00:00Z');
    expect(() => fromZone('2026-10-25T02:30:00', 'Europe/Berlin')).toThrow('exactly once');
    expect(() => fromZone('2026-03-29T02:30:00', 'Europe/Berlin')).toThrow('exactly once');
    expect(toTime('00:00:00.9999999', 6)).toBe('00:00:01.000000');
  });
});
