import { describe, expect, it } from 'vitest';

import { toLines } from './to-lines.ts';

const part = (n: number, text: string, stream: 'out' | 'err' = 'out', attempt = 1) => ({
  step: 's',
  attempt,
  part: n,
  stream,
  atMs: 0,
  text,
});
const texts = (...parts: ReturnType<typeof part>[]) => toLines(parts).map(({ text }) => text);

describe('the lines of a log', () => {
  it('joins pieces that end in the middle of a line, each stream by itself', () => {
    expect(texts(part(0, 'one\ntw'), part(1, 'oops\n', 'err'), part(2, 'o\nthree\n'))).toEqual([
      'one',
      'two',
      'oops',
      'three',
    ]);
  });

  it('joins nothing over attempts, and keeps empty lines between others', () => {
    expect(texts(part(0, 'a'), part(0, 'b\n\nc\n', 'out', 2))).toEqual(['a', 'b', '', 'c']);
  });

  it('joins an escape sequence that was cut into pieces before it is taken out', () => {
    expect(texts(part(0, 'x\u001B[3'), part(1, '1my\n'))).toEqual(['xy']);
  });
});
