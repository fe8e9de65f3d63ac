import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseCanonLine, toCanonLine } from '../../core/dataset/canon-line.ts';
import { LineWriter } from './line-writer.ts';

const value = fc.option(
  fc.string({ unit: fc.constantFrom('a', '\\', 'N', '\t', '\n', '\b', '\f', '\r', '\v', 'é', '\u{1F600}', '') }),
);

describe('LineWriter', () => {
  it('D05 bytes, texts and rows come out as the lines that toCanonLine writes, and read back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 20 }),
        (rows) => {
          const [bytes, texts, whole] = [new LineWriter(8), new LineWriter(8), new LineWriter(8)];
          for (const row of rows) {
            for (const one of row) {
              if (one === null) [bytes, texts].forEach((lines) => lines.addNull());
              else {
                bytes.addBytes(Buffer.from(one), 'plain');
                texts.addText(one);
              }
            }
            bytes.endLine();
            texts.endLine();
            whole.addRow(row);
          }
          const expected = rows.map(toCanonLine).join('');
          for (const lines of [bytes, texts, whole]) {
            expect(lines.length).toBe(Buffer.byteLength(expected));
            expect(lines.take().toString()).toBe(expected);
            expect(lines.length).toBe(0);
          }
          const read = expected.slice(0, -1).split('\n').map(parseCanonLine);
          expect(read).toEqual(rows);
        },
      ),
    );
  });

  it('D05 a moment of an engine gets the T and the Z of canonical text, at whichever place of the line it stands', () => {
    const lines = new LineWriter(8);
    lines.addText('');
    lines.addBytes(Buffer.from('2026-01-02 03:04:05.000006'), 'utc');
    lines.addBytes(Buffer.from('2026-01-02 03:04:05'), 'local');
    lines.endLine();
    expect(lines.take().toString()).toBe('\t2026-01-02T03:04:05.000006Z\t2026-01-02T03:04:05\n');
  });
});
