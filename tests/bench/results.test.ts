import { readFileSync, readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { hasRawSamples } from '../../bench/has-raw-samples.ts';

const folder = 'bench/results';
const results = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** The same report with every list of samples emptied. */
function withoutSamples(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSamples(inner)]));
}

describe('the results in the repository', () => {
  it('O22 there are some', () => {
    expect(results.length).toBeGreaterThan(3);
  });

  it.each(results)(
    'O22 %s says what it measured, on which machine, whether the goals were met, and keeps its samples',
    (name) => {
      const report = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Record<string, unknown>;
      expect(report).toMatchObject({ name: name.replace('.json', ''), setting: expect.stringMatching(/\S/) });
      expect(report['machine']).toMatch(/GB|GiB/);
      expect(report['goals']).toMatchObject({ met: expect.any(Boolean) });
      expect(hasRawSamples(report)).toBe(true);
      expect(hasRawSamples(withoutSamples(report))).toBe(false);
    },
  );
});

describe('hasRawSamples', () => {
  it.each([
    [{ samples: [1] }, true],
    [{ read: { samplesMs: [1] } }, true],
    [{ samples: { read: [{ wallMs: 1 }] } }, true],
    [{ samples: [] }, false],
    [{ samples: 7 }, false],
    [{ figures: [1, 2] }, false],
    [null, false],
  ])('O22 %j: %s', (report, expected) => {
    expect(hasRawSamples(report)).toBe(expected);
  });
});
