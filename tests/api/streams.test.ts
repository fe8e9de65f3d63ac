import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readEvents } from '../../src/store/event.ts';
import { listen } from './listen.ts';
import type { Listening } from './listen.ts';
import { openTestApi } from './open-api.ts';
import type { TestApi } from './open-api.ts';
import { putRun, writeEvents } from './write-events.ts';

let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await openTestApi();
  url = `${api.url}/api/events/stream`;
  await putRun(api.store, { id: 'run-own', launch: 'shop-cutover', environment: 'staging' });
  await putRun(api.store, { id: 'run-foreign', launch: 'bank-cutover', environment: 'production' });
});
afterAll(() => api.close());

const idsOf = (streams: readonly Listening[]): number[] =>
  streams.flatMap(({ messages }) => messages.filter(({ event }) => event !== 'gap').map(({ id }) => Number(id)));

describe('streams of events', () => {
  it('F55 I8 resume after Last-Event-ID over a restart, with a writer going on: nothing is lost and nothing comes twice', async () => {
    const headers = await api.headersOf('alice');
    const first = await listen(url, headers);
    const begin = (await readEvents(api.store, 0, { limit: 100_000 })).length;
    const writing = { goesOn: true };
    const writer = (async () => {
      while (writing.goesOn) {
        await writeEvents(api.store, 'run-own', 7);
        await pause(15);
      }
    })();
    await first.until(30);
    await api.restart();
    await first.ended;
    const second = await listen(url, headers, first.lastId() ?? '');
    await second.until(30);
    second.leave();
    const third = await listen(url, headers, second.lastId() ?? '');
    await third.until(10);
    writing.goesOn = false;
    await writer;
    const all = (await readEvents(api.store, 0, { limit: 100_000 })).map(({ cursor }) => cursor).slice(begin);
    for (let tries = 0; tries < 4_000 && idsOf([first, second, third]).length < all.length; tries++) await pause(25);
    third.leave();
    const heard = idsOf([first, second, third]);
    expect(heard).toEqual(all);
    expect(new Set(heard).size).toBe(heard.length);
    expect(api.trouble).toEqual([]);
  });

  it('A36 carry nothing of a launch that the person may not look at, in a list neither; negative control: it is in the store', async () => {
    const headers = await api.headersOf('alice');
    const stream = await listen(url, headers);
    await writeEvents(api.store, 'run-foreign', 3, { secret: 'of the bank' });
    const last = await writeEvents(api.store, 'run-own', 1, { mark: 'after' });
    await stream.until(1);
    stream.leave();
    expect(idsOf([stream])).toEqual([last]);
    expect(stream.body()).not.toContain('of the bank');
    const list = await api.send('alice', 'GET', `/api/events?after=${last - 4}`);
    expect(list.body).toMatchObject({ items: [{ cursor: last }], cursor: last, gap: null });
    const kept = await readEvents(api.store, last - 4);
    expect(kept.filter(({ run }) => run === 'run-foreign')).toHaveLength(3);
  });

  it('A36 nobody gets no stream, and somebody of no launch one without events', async () => {
    expect((await listen(url, {})).status).toBe(401);
    const stranger = await listen(url, await api.headersOf('mallory'));
    const alice = await listen(url, await api.headersOf('alice'));
    await writeEvents(api.store, 'run-own', 2);
    await writeEvents(api.store, null, 1, { type: 'system.notice' });
    await alice.until(3);
    expect([stranger.status, stranger.messages]).toEqual([200, []]);
    for (const one of [stranger, alice]) one.leave();
  });

  it('O15 filters by run and type, and tells nothing else', async () => {
    const stream = await listen(`${url}?run=run-own&type=step.failed,approval`, await api.headersOf('alice'));
    await writeEvents(api.store, 'run-own', 2);
    await writeEvents(api.store, 'run-own', 1, { type: 'step.failed' });
    await writeEvents(api.store, 'run-own', 1, { type: 'approval.given' });
    await stream.until(2);
    stream.leave();
    expect(stream.messages.map(({ event }) => event)).toEqual(['step.failed', 'approval.given']);
  });

  it('A41 a reader that does not read is let go at a mebibyte, and comes back without a loss', async () => {
    const headers = await api.headersOf('alice');
    const slow = await listen(url, headers);
    const quick = await listen(url, headers);
    await writeEvents(api.store, 'run-own', 1);
    for (const one of [slow, quick]) await one.until(1);
    slow.stall();
    const filler = 'x'.repeat(60_000);
    let last = 0;
    // What the kernel takes by itself is not the server's: more than its buffers and the mebibyte together. What the quick one heard was sent to both.
    for (let round = 1; round <= 12; round++) {
      last = await writeEvents(api.store, 'run-own', 20, { filler });
      await quick.until(1 + round * 20);
    }
    quick.leave();
    slow.goOn();
    await slow.ended;
    expect(Number(slow.lastId())).toBeLessThan(last);
    const back = await listen(url, headers, slow.lastId() ?? '');
    await back.until(last - Number(slow.lastId()));
    back.leave();
    const heard = idsOf([slow, back]);
    expect(heard).toEqual(Array.from({ length: heard.length }, (_, index) => heard[0]! + index));
    expect(heard.at(-1)).toBe(last);
  }, 180_000);

  it('F55 a reader that knows more than this store is told so, instead of waiting for ever', async () => {
    const stream = await listen(url, await api.headersOf('alice'), 999_999_999);
    await stream.until(1);
    expect(stream.messages[0]).toMatchObject({ event: 'gap', data: { after: 999_999_999 } });
    const cursor = await writeEvents(api.store, 'run-own', 1);
    await stream.until(2);
    stream.leave();
    expect(idsOf([stream])).toEqual([cursor]);
  });
});
