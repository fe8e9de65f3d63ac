import { describe, expect, it } from 'vitest';

import { toReadable } from './to-readable.ts';

describe('the text of a step as people read it', () => {
  it('has no attributes, no tag and no machine part', () => {
    const text =
      '[HUMAN] Switch the **name** {#switch role=lead proof=url}\n\nCall Erin first.\n\n```sh timeout=1m\nrm -rf x\n```\n\nThen wait.';
    expect(toReadable(text)).toBe('Switch the **name**\n\nCall Erin first.\n\n\nThen wait.');
  });

  it('keeps what is written for people: braces in a sentence and a fence without a language', () => {
    const text = 'Set {x} to 1\n\n```\nexample\n```';
    expect(toReadable(text)).toBe(text);
  });

  it('does not end a fence at a shorter one inside it', () => {
    expect(toReadable('A\n````sh\n```\nstill code\n````\nB')).toBe('A\nB');
  });
});
