import { describe, expect, it } from 'vitest';

import { toPictureAddress } from './to-picture-address.ts';

const pathOf = (url: string, document = 'sop/orders.md'): string | null => {
  const address = toPictureAddress({ launch: 'shop', document, url });
  return address === null ? null : new URL(address, 'http://x').searchParams.get('path');
};

describe('pictures of a step', () => {
  it.each([
    ['plug.png', 'sop/plug.png'],
    ['./images/a%20b.png', 'sop/images/a b.png'],
    ['../images/flow.svg', 'images/flow.svg'],
    ['100%.png', 'sop/100%.png'],
  ])('A20 reads %s of the launch repository as %s', (url, path) => {
    expect(pathOf(url)).toBe(path);
  });

  it.each([
    'https://elsewhere.example/x.png',
    '//elsewhere.example/x.png',
    'data:image/png;base64,AA',
    '/etc/passwd',
    '../../etc/passwd',
    '\\\\elsewhere\\x.png',
    '',
  ])('A20 asks nobody for %s', (url) => {
    expect(pathOf(url)).toBeNull();
  });

  it('asks our own API alone', () => {
    const address = toPictureAddress({ launch: 'shop', document: 'launch.md', url: 'a.png' });
    expect(address).toBe('/api/launches/shop/picture?path=a.png');
  });
});
