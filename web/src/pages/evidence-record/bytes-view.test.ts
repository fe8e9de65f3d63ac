import { describe, expect, it } from 'vitest';

import { drawBytes, suggestView } from './bytes-view.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('bytes as text', () => {
  it.each([
    ['application/json', '{}', 'json'],
    ['application/vnd.x+json; charset=utf-8', '{}', 'json'],
    ['text/html', '<script>alert(1)</script>', 'text'],
    ['application/junit+xml', '<a/>', 'xml'],
    ['text/plain', '\u0000\u0001', 'hex'],
    ['application/octet-stream', 'plain', 'text'],
  ])('A19 %s is suggested as text of some kind, never as a page', (mediaType, text, view) => {
    expect(suggestView(mediaType, bytes(text))).toBe(view);
  });

  it('shows bytes that are no text as hex', () => {
    expect(suggestView('text/plain', Uint8Array.of(0xff, 0xfe))).toBe('hex');
    expect(drawBytes(bytes('ABCDEFGHIJKLMNOPQ\n'), 'hex')).toBe(
      '00000000  41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50  ABCDEFGHIJKLMNOP\n00000010  51 0a                                            Q.',
    );
  });

  it('lays JSON and XML out, and says where something is no JSON', () => {
    expect(drawBytes(bytes('{"b":[1]}'), 'json')).toBe('{\n  "b": [\n    1\n  ]\n}');
    expect(drawBytes(bytes('{"b":'), 'json')).toBeNull();
    expect(drawBytes(bytes('<a><b x="1">t</b><c/></a>'), 'xml')).toBe('<a>\n  <b x="1">t</b>\n  <c/>\n</a>');
  });
});
