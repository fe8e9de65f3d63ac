import { describe, expect, it } from 'vitest';

import { toMarked } from './to-marked.ts';

describe('toMarked', () => {
  it('marks what differs between what both begin and end with', () => {
    expect(toMarked('Customer 7', 'customer 7')).toEqual({
      source: { before: '', differs: 'C', after: 'ustomer 7' },
      target: { before: '', differs: 'c', after: 'ustomer 7' },
    });
    expect(toMarked('Anna ', 'Anna').source).toEqual({ before: 'Anna', differs: ' ', after: '' });
    expect(toMarked('aa', 'aaa').target).toEqual({ before: 'aa', differs: 'a', after: '' });
  });

  it('cuts no character in two', () => {
    expect(toMarked('a\u{1F600}b', 'a\u{1F601}b').source.differs).toBe('\u{1F600}');
  });
});
