import { describe, expect, it } from 'vitest';

import type { Identity } from './identity.ts';
import { cacheMs, createSessionCache } from './session-cache.ts';

const alice = { account: 'a', session: 's' } as Identity;

function counted(answer: Identity | null) {
  const look = async () => {
    look.calls += 1;
    return answer;
  };
  look.calls = 0;
  return look;
}

describe('the session cache', () => {
  it('A23 keeps an answer for at most five seconds', async () => {
    let ms = 0;
    const cache = createSessionCache(() => ms);
    const look = counted(alice);
    await cache.get('k', look);
    ms = cacheMs - 1;
    await cache.get('k', look);
    expect(look.calls).toBe(1);
    ms = cacheMs;
    await cache.get('k', look);
    expect(look.calls).toBe(2);
  });

  it('A23 forgets a session that was ended, and only that', async () => {
    const cache = createSessionCache(() => 0);
    const look = counted(alice);
    await cache.get('k', look);
    cache.drop(({ session }) => session === 'another');
    await cache.get('k', look);
    expect(look.calls).toBe(1);
    cache.drop(({ session }) => session === 's');
    await cache.get('k', look);
    expect(look.calls).toBe(2);
  });

  it('A23 an answer that was read before the end is not kept after it', async () => {
    const cache = createSessionCache(() => 0);
    let answer: (identity: Identity | null) => void = () => undefined;
    const first = cache.get('k', () => new Promise((resolve) => (answer = resolve)));
    cache.drop(({ session }) => session === 's');
    answer(alice);
    await first;
    const look = counted(null);
    expect(await cache.get('k', look)).toBeNull();
    expect(look.calls).toBe(1);
  });

  it('keeps neither nobody nor an error, and asks once for many', async () => {
    const cache = createSessionCache(() => 0);
    const nobody = counted(null);
    await cache.get('k', nobody);
    await cache.get('k', nobody);
    expect(nobody.calls).toBe(2);
    await expect(cache.get('e', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    const look = counted(alice);
    await Promise.all([cache.get('e', look), cache.get('e', look)]);
    expect(look.calls).toBe(1);
  });
});
