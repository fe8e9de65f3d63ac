import { hash } from 'node:crypto';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toCanonLine } from '../canon-line.ts';
import { plainSource } from './decide-record.ts';
import { parsePack, toPackedLine, toPlainEntry } from './ledger-pack.ts';
import type { PackedEntry } from './ledger-pack.ts';

const text = fc.string({ unit: 'grapheme' });
const entries: fc.Arbitrary<PackedEntry> = fc.record({
  sourceKey: text,
  sourceHash: text,
  targetKey: text,
  targetHash: fc.option(text),
  outcome: fc.constantFrom('inserted', 'recovered', 'skipped', 'invalid', 'conflict'),
  reason: text,
  wrote: fc.constantFrom('insert', 'nothing'),
});

describe('parsePack', () => {
  it('D32 reads what was packed, to the digit of each digest', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(entries, fc.tuple(text, text))), (packed) => {
        const lines = packed.map((one) => {
          if (!Array.isArray(one)) return { line: toPackedLine(one), entry: one };
          const [key, row] = one;
          const sourceKey = toCanonLine([key, key]).slice(0, -1);
          const line = toPlainEntry(sourceKey, hash('sha256', row, 'base64url').slice(0, 22));
          const targetHash = hash('sha256', row, 'hex').slice(0, 32);
          const named = { sourceKey, sourceHash: plainSource('m'), targetKey: sourceKey, targetHash };
          return { line, entry: { ...named, outcome: 'inserted', reason: '', wrote: 'insert' } };
        });
        expect(parsePack(lines.map(({ line }) => line).join(''), 'm')).toEqual(lines.map(({ entry }) => entry));
      }),
    );
  });
});
