import { describe, expect, it } from 'vitest';

import { startTarget } from './target-server.ts';

describe('the target double', () => {
  it('fails the test that called a path it does not have', async () => {
    const target = await startTarget();
    await fetch(`${target.url}/typo`);
    await expect(target.stop()).rejects.toThrow('expected known paths only, got GET /typo');
  });

  it('lists the calls it got, so that a test can miss one', async () => {
    const target = await startTarget();
    await (await fetch(`${target.url}/ok`, { method: 'POST', body: 'x' })).text();
    expect(target.calls).toMatchObject([{ method: 'POST', path: '/ok', body: 'x' }]);
    await target.stop();
  });
});
