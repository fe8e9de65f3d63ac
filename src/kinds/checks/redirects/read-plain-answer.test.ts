import { describe, expect, it } from 'vitest';

import { readPlainAnswer } from './read-plain-answer.ts';

const most = 1_000;
const read = (text: string): ReturnType<typeof readPlainAnswer> =>
  readPlainAnswer(Buffer.from(text, 'latin1'), 0, most);
const moved = 'HTTP/1.1 301 Moved Permanently\r\nServer: x\r\nLocation:  /new/1 \r\nContent-Length: 5\r\n\r\nmoved';
const page = 'HTTP/1.1 200 \r\ncontent-length: 4\r\nConnection: close\r\n\r\npage';

describe('readPlainAnswer', () => {
  it('C10 reads one answer after the other, and no byte of the next', () => {
    const both = Buffer.from(moved + page, 'latin1');
    const first = readPlainAnswer(both, 0, most);
    expect(first).toMatchObject({
      answer: { status: 301, location: '/new/1', cacheControl: null, bytes: null },
      end: moved.length,
      isLast: false,
    });
    const fields = first === null || first === 'unusual' ? {} : first.answer.fields();
    expect({ ...fields }).toEqual({ server: ['x'], location: ['/new/1'], 'content-length': ['5'] });
    const second = readPlainAnswer(both, moved.length, most);
    expect(second).toMatchObject({
      answer: { status: 200, bytes: Buffer.from('page') },
      end: both.length,
      isLast: true,
    });
  });

  it('C10 says nothing of an answer before its last byte has come', () => {
    for (const text of [moved, page])
      for (let length = 0; length < text.length; length += 1) expect(read(text.slice(0, length))).toBeNull();
  });

  it.each([
    ['an interim answer', `HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n${page}`],
    ['another version', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['no length', 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\npage'],
    ['a coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a coding and a length', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\ncontent-length: 4\r\n\r\npage'],
    ['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\npage'],
    ['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\npage'],
    ['a length in other digits', 'HTTP/1.1 200 OK\r\nContent-Length: 0x4\r\n\r\npage'],
    ['two places', 'HTTP/1.1 301 Moved\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n'],
    ['a folded field', 'HTTP/1.1 200 OK\r\nServer: x\r\n y\r\nContent-Length: 0\r\n\r\n'],
    ['a blank before a colon', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'],
    ['a line that ends with a line feed alone', 'HTTP/1.1 200 OK\r\nA: b\nContent-Length: 0\r\n\r\n'],
    ['a letter that is not ASCII', 'HTTP/1.1 301 Moved\r\nLocation: /\u00e9\r\nContent-Length: 0\r\n\r\n'],
    ['a connection that becomes another', 'HTTP/1.1 200 OK\r\nConnection: upgrade\r\nContent-Length: 0\r\n\r\n'],
    ['more than a page is told by', 'HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'],
    ['no HTTP', 'SSH-2.0-x\r\n\r\n'],
    ['a head without an end', `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(40_000)}`],
  ])('A11 leaves to others: %s', (_, text) => {
    expect(read(text)).toBe('unusual');
  });
});
