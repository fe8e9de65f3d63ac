import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CappedOutput } from './capped-output.ts';

describe('output of any length', () => {
  it('F13 keeps the first and the last half exactly, however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 }),
        fc.integer({ min: 2, max: 40 }),
        (chunks, limit) => {
          const output = new CappedOutput(limit);
          for (const chunk of chunks) output.add(chunk);
          const whole = Buffer.concat(chunks);
          const half = Math.floor(limit / 2);
          const left = Math.max(0, whole.length - 2 * half);
          const mark = left > 0 ? Buffer.from(`\n[tminus: ${left} bytes left out]\n`) : Buffer.alloc(0);
          const expected =
            left > 0 ? Buffer.concat([whole.subarray(0, half), mark, whole.subarray(whole.length - half)]) : whole;
          const kept = output.finish();
          expect(Buffer.from(kept.bytes).equals(expected)).toBe(true);
          expect(kept).toMatchObject({ total: whole.length, truncated: left > 0 });
        },
      ),
      { numRuns: 2000 },
    );
  });
});
