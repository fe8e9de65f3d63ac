import { describe, expect, it } from 'vitest';

import type { Reading } from '../../core/check/check.ts';
import { toAgeText } from './age-text.ts';
import { toControlReport } from './control-report.ts';
import { jsonReader } from './document/reader.ts';
import { toStatSource } from './file-stat.ts';
import { fileReader } from './file/reader.ts';
import { junitReader } from './junit/reader.ts';
import { prometheusReader } from './prometheus/reader.ts';

const nineDays = 777_601_897;
const messageOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.message : 'readable');

describe('ages', () => {
  it.each([
    [nineDays, '9 days'],
    [86_400_000, '24 hours'],
    [300_000, '5 minutes'],
    [119_999, '119 seconds'],
    [1999, '1999 ms'],
  ])('%i milliseconds are told as %s', (ageMs, text) => {
    expect(toAgeText(ageMs)).toBe(text);
  });

  it.each([junitReader, jsonReader, fileReader])(
    '$kind tells the age of its file in words, late or early',
    (reader) => {
      const spec = { path: 'a', maxAge: '24h' };
      const [file] = toControlReport(spec, { name: 'a', mediaType: 'text/plain', text: '' });
      const stat = { path: 'a', size: 0, sha256: emptySha256, kept: 'whole' } as const;
      const at = (ageMs: number): string =>
        messageOf(reader.parse(spec, [file!, toStatSource({ files: [{ ...stat, ageMs }] })]));
      expect(at(nineDays)).toBe('a: expected at most 24h old, got 9 days');
      expect(at(-nineDays)).toBe('a: expected a file of the past, got one 9 days ahead');
    },
  );

  it('prometheus tells the age of its samples in words, late or early', () => {
    const sources = prometheusReader.negativeControl({ maxAge: nineDays });
    expect(messageOf(prometheusReader.parse({ maxAge: 300_000 }, sources))).toBe(
      'expected samples of at most 5 minutes, got 9 days',
    );
    const early = prometheusReader.negativeControl({ maxAge: -nineDays });
    expect(messageOf(prometheusReader.parse({ maxAge: 300_000 }, early))).toBe(
      'expected samples of the past, got one 9 days ahead',
    );
  });
});

const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
