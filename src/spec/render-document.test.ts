import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { renderDocument } from './render-document.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

describe('renderDocument', () => {
  it('F01 gives a document without results back byte for byte, and as a copy', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const copy = renderDocument('a.md', bytes, []);
        expect(Buffer.compare(copy, bytes)).toBe(0);
        expect(copy).not.toBe(bytes);
      }),
    );
  });

  it('F01 changes nothing but the lines that have a result, whatever the line ends', () => {
    const end = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('- a', '', '## b', 'é'), { minLength: 1, maxLength: 12 }),
        end,
        fc.nat(11),
        (lines, lineEnd, index) => {
          const line = index % lines.length;
          const rendered = decode(
            renderDocument('a.md', encode(lines.join(lineEnd)), [{ line: line + 1, outcome: 'fail', note: 'n' }]),
          );
          expect(rendered).toBe(lines.map((text, at) => (at === line ? `${text} — **FAIL** (n)` : text)).join(lineEnd));
        },
      ),
    );
  });

  it('F01 keeps the byte order mark and makes notes harmless', () => {
    const rendered = decode(
      renderDocument('a.md', encode('\uFEFF- a\n'), [{ line: 1, outcome: 'unknown', note: '<b>\n[x](y) | `z`' }]),
    );
    expect(rendered).toBe('\uFEFF- a — **UNKNOWN** (&#60;b&#62; &#91;x&#93;(y) &#124; &#96;z&#96;)\n');
  });
});
