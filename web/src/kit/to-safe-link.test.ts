import { describe, expect, it } from 'vitest';

import { toSafeLink } from './to-safe-link.ts';

describe('links in texts that others wrote', () => {
  it('A9 lead to sites and mail', () => {
    expect(toSafeLink('https://shop.example/a?b=1')).toBe('https://shop.example/a?b=1');
    expect(toSafeLink('mailto:ops@shop.example')).toBe('mailto:ops@shop.example');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    '//evil.example',
    '#heading',
    'https://',
  ])('A9 never run anything: %j', (url) => {
    expect(toSafeLink(url)).toBeNull();
  });
});
