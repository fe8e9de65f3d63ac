import { describe, expect, it } from 'vitest';

import { itemText } from './item-text.ts';

const bytes = new TextEncoder().encode(`---
id: a
---

# Runbook

1. First {#first}
   goes on

   \`\`\`sh
   if true; then
     echo deep
   fi
   \`\`\`

   - an inner one
     of two lines
2. Second

## Next
`);
const at = (line: number, column = 1) => ({ line, column });

describe('itemText', () => {
  it('T31 returns an item as it is written, without the indentation of its list', () => {
    const first =
      'First {#first}\ngoes on\n\n```sh\nif true; then\n  echo deep\nfi\n```\n\n- an inner one\n  of two lines';
    expect([itemText(bytes, at(7), null), itemText(bytes, at(7), 18)]).toEqual([first, first]);
    expect(itemText(bytes, at(18), null)).toBe('Second');
    expect(itemText(bytes, at(16, 4), 18)).toBe('an inner one\nof two lines');
  });

  it('T31 reads no further than it is told', () => {
    expect(itemText(bytes, at(7), 9)).toBe('First {#first}\ngoes on');
  });

  it('returns nothing where no item begins', () => {
    expect([8, 5, 1, 20, 99].map((line) => itemText(bytes, at(line), null))).toEqual([null, null, null, null, null]);
  });
});
