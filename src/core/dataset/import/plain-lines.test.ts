import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseCanonLine, toCanonLine } from '../canon-line.ts';
import { listPlainKeys } from './plain-lines.ts';

const form = (...keyPlaces: number[]) => ({
  keyPlaces,
  keyLeads: keyPlaces.every((place, at) => place === at),
  refusesNull: false,
});

describe('listPlainKeys', () => {
  it('D32 returns the key of each line, wherever its columns stand', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.string(), fc.option(fc.string()), fc.string()), {
      selector: (row) => JSON.stringify(row),
    });
    for (const places of [[0], [0, 1], [0, 1, 2], [2], [1, 0]])
      fc.assert(
        fc.property(rows, (made) => {
          const lines = made.map((row) => toCanonLine(row));
          const keys = lines.map((line) => {
            const row = parseCanonLine(line.slice(0, -1));
            return toCanonLine(places.map((place) => row[place] ?? null)).slice(0, -1);
          });
          const twice = keys.some((key, at) => key === keys[at - 1]);
          expect(listPlainKeys(lines.join(''), form(...places), null)).toEqual(twice ? null : keys);
        }),
      );
  });

  it('D31 lines of which one has the key of the one before it, or may lack a value that is wanted, have to be read', () => {
    expect(listPlainKeys('1\ta\n1\tb\n', form(0), null)).toBeNull();
    expect(listPlainKeys('1\ta\n2\tb\n', form(0), '1')).toBeNull();
    expect(listPlainKeys('1\t\\N\n', form(0), null)).toEqual(['1']);
    expect(listPlainKeys('1\t\\N\n', { ...form(0), refusesNull: true }, null)).toBeNull();
  });
});
