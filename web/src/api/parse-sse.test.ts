import { describe, expect, it } from 'vitest';

import { createSseParser } from './parse-sse.ts';
import type { SseMessage } from './parse-sse.ts';

function parse(pieces: string[]): SseMessage[] {
  const messages: SseMessage[] = [];
  const take = createSseParser((message) => messages.push(message));
  for (const piece of pieces) take(piece);
  return messages;
}

const text =
  'retry: 2000\n\n: alive\n\nid: 7\nevent: step.done\ndata: a\ndata:  b\n\r\nid:8\r\ndata\r\ndata:x\r\n\r\ndata: cut';
const expected = [
  { id: '7', type: 'step.done', data: 'a\n b' },
  { id: '8', type: 'message', data: '\nx' },
];

describe('messages of an event stream', () => {
  it('reads the same messages however the text is cut', () => {
    expect(parse([text])).toEqual(expected);
    expect(parse([...text])).toEqual(expected);
    for (let at = 0; at <= text.length; at += 1) expect(parse([text.slice(0, at), text.slice(at)])).toEqual(expected);
  });

  it('makes no message of comments, of a retry time, or of a cut end (negative control)', () => {
    expect(parse([': alive\n\n', 'retry: 1\n\n', 'id: 1\ndata: x\n'])).toEqual([]);
  });
});
