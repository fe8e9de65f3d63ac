import { describe, expect, it } from 'vitest';

import { toInert } from './to-inert.ts';

describe('what a program said, as it is shown', () => {
  it('A33 has no escape sequences: colours, cursor moves, titles and links', () => {
    expect(toInert('\u001B[31mred\u001B[0m \u001B[2Kgone\u001B[1A')).toBe('red gone');
    expect(toInert('\u001B]0;title\u0007x\u001B]8;;https://evil.example\u001B\\link\u001B]8;;\u001B\\')).toBe('xlink');
    expect(toInert('a\u009B31mb\u001Bc')).toBe('ab');
  });

  it('A33 shows that there was a control character or a turn of the writing direction', () => {
    expect(toInert('over\rwritten\u0007 \u202Etxt.exe')).toBe('over\uFFFDwritten\uFFFD \uFFFDtxt.exe');
  });

  it('leaves text, tabs and line ends as they are (negative control)', () => {
    expect(toInert('a\tb\r\nc [31m é 日')).toBe('a\tb\nc [31m é 日');
  });
});
