import { describe, expect, it } from 'vitest';

import { foldLines, toDiffLines } from './to-diff-lines.ts';

const text = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => `line ${from + at}`);

describe('what changed', () => {
  it('folds what is far from every change, and loses no line', () => {
    const before = text(0, 100).join('\n');
    const after = before.replace('line 50\n', 'line fifty\n');
    const folded = foldLines(toDiffLines(before, after));
    expect(folded.map((one) => (one.kind === 'fold' ? one.count : one.kind))).toEqual([
      47,
      ...Array<string>(3).fill('same'),
      'removed',
      'added',
      ...Array<string>(3).fill('same'),
      46,
    ]);
  });

  it('folds nothing where little is the same, and everything but the change where it is at an end', () => {
    expect(foldLines(toDiffLines('a\nb\nc', 'a\nx\nc')).some(({ kind }) => kind === 'fold')).toBe(false);
    const folded = foldLines(toDiffLines(text(0, 20).join('\n'), text(0, 21).join('\n')));
    expect(folded[0]).toEqual({ kind: 'fold', count: 17 });
    expect(folded.at(-1)).toEqual({ kind: 'added', text: 'line 20' });
  });
});
