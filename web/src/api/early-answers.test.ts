import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { askEarly, forgetEarly, takeEarly } from './early-answers.ts';

const { signal: wanted } = new AbortController();
let asked = 0;
const server = createServer((_, answer) => answer.end(String(++asked)));
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());

describe('an answer that was asked for early', () => {
  it('P19 is taken once, by who asks for the same address', async () => {
    void askEarly(url);
    expect(takeEarly(`${url}other`, wanted)).toBeUndefined();
    expect(await (await takeEarly(url, wanted))?.text()).toBe('1');
    expect(takeEarly(url, wanted)).toBeUndefined();
  });

  it('O20 is not taken when it is old: what it says may no longer be so', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      void askEarly(url);
      vi.advanceTimersByTime(10_001);
      expect(takeEarly(url, wanted)).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is kept by nobody beyond its time: a name of somebody may be in it', () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      void askEarly(url);
      vi.advanceTimersByTime(10_001);
      // The clock of the page stood still, so that only forgetting can have taken it away.
      expect(takeEarly(url, wanted)).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is forgotten where somebody says so', () => {
    void askEarly(url);
    forgetEarly();
    expect(takeEarly(url, wanted)).toBeUndefined();
  });

  it('tells of its failure whoever takes it, and nobody else', async () => {
    void askEarly('http://127.0.0.1:1/');
    await expect(takeEarly('http://127.0.0.1:1/', wanted)).rejects.toThrow('fetch failed');
  });
});
