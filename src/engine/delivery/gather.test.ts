import { describe, expect, it } from 'vitest';

import { toBackoffSeconds } from './backoff.ts';
import { createGather } from './gather.ts';
import { outlast } from './outlast.ts';

const lost = Object.assign(new Error('terminating connection'), { code: '57P01' });

describe('createGather', () => {
  it('P3 handles one item at once, and all that came meanwhile together, each with its own answer', async () => {
    const batches: number[][] = [];
    const gather = createGather((items: readonly number[]) => {
      batches.push([...items]);
      return Promise.resolve(items.map((item) => item * 10));
    });
    expect(await Promise.all([gather(1), gather(2), gather(3)])).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
    expect(await gather(4)).toBe(40);
  });

  it('R2 a bad item spoils no other', async () => {
    const gather = createGather((items: readonly number[]) =>
      items.includes(13) ? Promise.reject(new Error('bad')) : Promise.resolve(items),
    );
    const answers = await Promise.allSettled([gather(1), gather(12), gather(13), gather(14)]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('F22 R2 what a lost connection may have carried out is not carried out again behind the backs of its callers', async () => {
    const batches: number[][] = [];
    const gather = createGather((items: readonly number[]) => {
      batches.push([...items]);
      return items.length > 1 ? Promise.reject(lost) : Promise.resolve(items);
    });
    const answers = await Promise.allSettled([gather(1), gather(2), gather(3)]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(batches).toEqual([[1], [2, 3]]);
  });
});

describe('outlast', () => {
  it('R5 runs again while the database is away, and says that there was a first run', async () => {
    const runs: boolean[] = [];
    const answer = await outlast(60, (unsure) => {
      runs.push(unsure);
      return runs.length < 3 ? Promise.reject(lost) : Promise.resolve('written');
    });
    expect(answer).toBe('written');
    expect(runs).toEqual([false, true, true]);
  });

  it('R5 gives up after its time, and at once on any other error', async () => {
    await expect(outlast(0, () => Promise.reject(lost))).rejects.toBe(lost);
    let runs = 0;
    await expect(outlast(5, () => Promise.reject(new Error(`wrong ${(runs += 1)}`)))).rejects.toThrow('wrong 1');
    expect(runs).toBe(1);
  });
});

describe('toBackoffSeconds', () => {
  it('O10 doubles from try to try, up to the limit of the queue', () => {
    const queue = { name: 'q', attempts: 9, backoffSeconds: 2, backoffMaxSeconds: 15 };
    expect([1, 2, 3, 4, 99].map((attempt) => toBackoffSeconds(queue, attempt))).toEqual([2, 4, 8, 15, 15]);
  });
});
