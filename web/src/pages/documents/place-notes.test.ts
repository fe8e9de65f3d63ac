import { describe, expect, it } from 'vitest';

import type { ReadingNode } from '../../api/client.generated.ts';
import { placeNotes } from './place-notes.ts';

const paragraph: ReadingNode = { type: 'paragraph', line: 5, children: [{ type: 'text', line: 5, text: 'a' }] };
const first: ReadingNode = { type: 'item', line: 8, children: [{ ...paragraph, line: 8 }] };
const second: ReadingNode = { type: 'item', line: 11, children: [{ ...paragraph, line: 11 }] };
const tree: ReadingNode = {
  type: 'root',
  line: 1,
  children: [
    { type: 'front', line: 1, text: 'tminus: launch' },
    paragraph,
    { type: 'list', line: 8, children: [first, second] },
  ],
};

describe('where notes stand', () => {
  it.each([
    [1, tree.children![0]],
    [4, tree.children![0]],
    [5, paragraph],
    [8, first],
    [10, first],
    [900, second],
  ])('D10 a note of line %i stands beside what begins there or above', (line, node) => {
    expect([...placeNotes(tree, [{ line }]).keys()]).toEqual([node]);
  });

  it('loses none: two of one line stay together, and a document without lines bears nothing', () => {
    expect(placeNotes(tree, [{ line: 8 }, { line: 9 }]).get(first)).toEqual([{ line: 8 }, { line: 9 }]);
    expect(placeNotes({ type: 'root', line: 1, children: [] }, [{ line: 1 }]).size).toBe(0);
  });
});
