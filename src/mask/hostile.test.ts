import { setImmediate as giveTurn } from 'node:timers/promises';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createMasker, type Masker } from './masker.ts';
import { builtInRules } from './rules/built-in-rules.ts';
import { generateSecrets } from './secret-forms.fixture.ts';

const secrets = generateSecrets(100, 9).map((value, at) => ({
  name: `s${at}`,
  value,
  retiredAt: null,
  allowWeak: false,
}));
const masker: Masker = createMasker({ secrets, rules: [], profile: 'export', now: new Date(0) });

/** Milliseconds of CPU for one line of this size, in the best of three runs, per megabyte. */
function costOf(unit: string, size: number): number {
  const line = Buffer.from(unit.repeat(Math.ceil(size / unit.length)).slice(0, size));
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const start = process.cpuUsage();
    const stream = masker.createMaskStream();
    stream.write(line);
    stream.flush();
    const used = process.cpuUsage(start);
    best = Math.min(best, (used.user + used.system) / 1000);
  }
  return best / (size / 1e6);
}

const keywords = [...new Set(builtInRules.flatMap((rule) => rule.keywords))];
const bodies = (keyword: string): string[] => [
  keyword,
  `${keyword}=`,
  `${keyword}: "`,
  `${keyword}a1B2c3D4`,
  `${keyword}${'aB3-'.repeat(60)} `,
  `${keyword}_=a1b2c3d4e5f6g7h8 `,
];
const others = [
  '1 ',
  '1-',
  '4',
  '4111 ',
  'a.',
  '@a',
  'a@',
  '\\',
  '%',
  '&',
  '&#',
  '\u001b',
  '\u001b]',
  '\u001b[1;',
  'H4sIAAAA ',
  '00000000 ',
  '::',
  'eyJ-',
  '-----BEGIN PRIVATE KEY-----A',
  ' ',
  '\n',
  'é',
  secrets[0]!.value,
  secrets[0]!.value.slice(0, 7),
];

describe('hostile text', () => {
  it('A7 no line costs more than linear time: 1 MB of the worst is masked in a quarter of a second', async () => {
    const probes: { unit: string; cost: number }[] = [];
    for (const unit of [...keywords.flatMap(bodies), ...others]) {
      probes.push({ unit: unit.slice(0, 40), cost: costOf(unit, 20_000) });
      // Whoever runs the tests wants to hear of this process all the while, and on a busy machine it takes minutes.
      await giveTurn();
    }
    const worst = probes.toSorted((left, right) => right.cost - left.cost).slice(0, 6);
    const whole = worst.map(({ unit }) => ({ unit, cost: costOf(unit, 400_000) }));
    process.stdout.write(
      whole.map(({ unit, cost }) => `${cost.toFixed(0).padStart(5)} ms/MB  ${JSON.stringify(unit)}\n`).join(''),
    );
    expect(whole.filter(({ cost }) => cost > 250)).toEqual([]);
  }, 900_000);

  it('A7 rules of users that could be slow, or that would run on every line, are refused with the reason', () => {
    const rules = [
      { id: 'ticket', keywords: ['ACME'], pattern: 'ACME-[0-9]{6}' },
      { id: 'look', keywords: ['ACME'], pattern: '(?=ACME)' },
      { id: 'back', keywords: ['ACME'], pattern: String.raw`(a)\1` },
      { id: 'bomb', keywords: ['ACME'], pattern: '(ACME{1,50}){1,50}' },
      { id: 'all', keywords: ['A'], pattern: 'A+' },
      { id: 'none', keywords: [], pattern: 'A+' },
      { id: 'empty', keywords: ['ACME'], pattern: '(ACME)*' },
    ];
    const custom = createMasker({ secrets: [], rules, profile: 'log', now: new Date(0) });
    expect(custom.refused.map(({ name }) => name)).toEqual(['look', 'back', 'bomb', 'all', 'none', 'empty']);
    expect(custom.maskText('see ACME-123456 and acme-1')).toBe('see [masked:ticket] and acme-1');
    const evil = createMasker({
      secrets: [],
      rules: [{ id: 'evil', keywords: ['aaa'], pattern: '(a+)+$' }],
      profile: 'log',
      now: new Date(0),
    });
    const start = process.cpuUsage();
    evil.maskText(`${'a'.repeat(50_000)}b`);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(20_000);
  });

  it('never throws, and hides no known secret in generated noise', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...others, '"', "'", ' ', '\r\n', 'password=', '://u:', '\\u00', '%4'),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 12 }),
        fc.array(pieces, { maxLength: 12 }),
        fc.nat(99),
        (before, after, at) => {
          const secret = secrets[at]!.value;
          const masked = masker.maskText(`${before.join('')}\n${secret}\n${after.join('')}`);
          expect(masked).toContain('[masked:');
          expect(masked).not.toContain(secret);
        },
      ),
      { numRuns: 2000, seed: 42 },
    );
  });

  it('A8 a stream gives the same whatever the chunks, for generated text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...others, ...keywords.slice(0, 40), 'x', ' ', '\n', '=', secrets[1]!.value), {
          maxLength: 30,
        }),
        fc.array(fc.nat(60), { maxLength: 20 }),
        (pieces, cuts) => {
          const raw = Buffer.from(pieces.join(''));
          const whole = masker.createMaskStream();
          const wanted = Buffer.concat([whole.write(raw), whole.flush()]);
          const stream = masker.createMaskStream();
          const out: Buffer[] = [];
          let from = 0;
          for (const cut of cuts) {
            out.push(stream.write(raw.subarray(from, from + cut)));
            from += cut;
          }
          out.push(stream.write(raw.subarray(from)), stream.flush());
          expect(Buffer.concat(out).toString('latin1')).toBe(wanted.toString('latin1'));
        },
      ),
      { numRuns: 1500, seed: 43 },
    );
  });
});
