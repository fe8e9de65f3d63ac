import { describe, expect, it } from 'vitest';

import { compareAnswers } from './compare-answers.ts';
import { createShadowTally } from './shadow-tally.ts';
import { toRoute } from './to-route.ts';

const answer = (body: unknown, status = 200, headers: { [name: string]: string } = {}) => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const parts = (compare: readonly string[], ignore: readonly string[] = []) => ({ compare, ignore });

describe('answers of both arms', () => {
  it('O25 are held against each other by status, named headers and fields of the body', () => {
    const one = answer({ id: 7, items: [{ price: 1 }, { price: 2 }], at: 'a' }, 200, {
      'content-type': 'x',
      date: '1',
    });
    const other = answer({ at: 'b', items: [{ price: 1 }, { price: 3 }], id: 7, more: null }, 201, {
      'content-type': 'y',
      date: '2',
    });
    expect(compareAnswers(one, other, parts(['content-type']))).toEqual([
      'body.at',
      'body.items[].price',
      'body.more',
      'header content-type',
      'status',
    ]);
    expect(compareAnswers(one, { ...one }, parts(['content-type', 'date']))).toEqual([]);
  });

  it('O25 the order of members and white space make no difference, the order of a list does', () => {
    expect(compareAnswers(answer('{"a":1,"b":[1,2]}'), answer('{ "b": [1, 2], "a": 1 }'), parts([]))).toEqual([]);
    expect(compareAnswers(answer('[1,2]'), answer('[2,1]'), parts([]))).toEqual(['body[]']);
    expect(compareAnswers(answer('[1]'), answer('[1,2]'), parts([]))).toEqual(['body.length']);
    expect(compareAnswers(answer('<p>1</p>'), answer('<p>2</p>'), parts([]))).toEqual(['body']);
    expect(compareAnswers(answer('{"a":1}'), answer('nonsense'), parts([]))).toEqual(['body']);
    expect(compareAnswers(answer('{"__proto__":{"x":1}}'), answer('{}'), parts([]))).toEqual(['body.__proto__']);
  });

  it('O25 routes leave out what names one thing of many', () => {
    expect(toRoute('GET', '/orders/1234/items?page=2')).toBe('GET /orders/:id/items');
    expect(toRoute('GET', '/u/a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')).toBe('GET /u/:id');
    expect(toRoute('HEAD', '/')).toBe('HEAD /');
  });
});

describe('what differs, and what is noise', () => {
  it('O25 no value and no key of a customer stands in a report', () => {
    const one = answer({
      'alice@example.com': 1,
      4711: 2,
      total: { 'a key with words': 3 },
      token9f86d081884c7d659a2feaa0: 1,
    });
    expect(compareAnswers(one, answer({ total: {} }), parts([]))).toEqual(['body.:key', 'body.total.:key']);
    expect(toRoute('GET', '/users/alice@example.com/orders')).toBe('GET /users/:id/orders');
  });

  it('O25 what is declared to make no difference makes none, with all that lies inside it, and nothing beside it', () => {
    const [one, other] = [
      answer({ at: 1, items: [{ seen: 1, price: 1 }], attic: 1 }),
      answer({ at: 2, items: [{ seen: 2, price: 2 }], attic: 2 }),
    ];
    expect(compareAnswers(one, other, parts([], ['body.at', 'body.items[].seen']))).toEqual([
      'body.attic',
      'body.items[].price',
    ]);
    expect(compareAnswers(one, other, parts([], ['body']))).toEqual([]);
  });

  it('O25 both arms are counted by one rule, counters only rise, and a copy without an answer differs', () => {
    const tally = createShadowTally();
    const risen: number[] = [];
    for (let at = 0; at < 200; at += 1) {
      // A field that differs each time in both, one that flickers in both, and one that the canary alone has.
      const raw = ['body.at', ...(at % 7 === 3 ? ['body.flicker'] : []), ...(at % 10 === 9 ? ['body.price'] : [])];
      const noise = ['body.at', ...(at % 7 === 5 ? ['body.flicker'] : [])];
      tally.note('GET /a', { state: 'compared', raw, noise });
      risen.push(tally.report()[0]!.arms.canary.bad);
    }
    const { stable, canary } = tally.report()[0]!.arms;
    expect([stable.total, canary.total]).toEqual([200, 200]);
    // Twenty of the price; of the noise only what came before it was known.
    expect(canary.bad).toBeGreaterThanOrEqual(20);
    expect(canary.bad).toBeLessThan(25);
    expect(stable.bad).toBeLessThan(5);
    expect(risen).toEqual(risen.toSorted((a, b) => a - b));
    tally.note('GET /b', { state: 'failed', noise: [] });
    expect(tally.report().find(({ route }) => route === 'GET /b')?.arms.canary).toEqual({ total: 1, bad: 1 });
  });

  it('O25 a field that differs between stable and stable as often is noise, and one of the canary alone is not', () => {
    const tally = createShadowTally();
    for (let at = 0; at < 100; at += 1)
      tally.note('GET /a', {
        state: 'compared',
        raw: at < 3 ? ['body.price', 'body.at'] : ['body.at'],
        noise: ['body.at'],
      });
    expect(tally.report()).toEqual([
      expect.objectContaining({
        route: 'GET /a',
        compared: 100,
        differed: 3,
        noise: 97,
        fields: [
          { field: 'body.price', raw: 3, noise: 0, counts: true },
          { field: 'body.at', raw: 100, noise: 100, counts: false },
        ],
      }),
    ]);
  });

  it('O25 a field that is noise now and then still counts where the canary changes it every time', () => {
    const tally = createShadowTally();
    for (let at = 0; at < 100; at += 1)
      tally.note('GET /a', { state: 'compared', raw: ['body.total'], noise: at < 5 ? ['body.total'] : [] });
    expect(tally.report()[0]).toMatchObject({ differed: 100, noise: 0 });
  });

  it('O25 noise of one route is none of another, and what was dropped, failed or too large is counted, never equal', () => {
    const tally = createShadowTally();
    tally.note('GET /a', { state: 'compared', raw: ['body.at'], noise: ['body.at'] });
    tally.note('GET /b', { state: 'compared', raw: ['body.at'], noise: [] });
    for (const state of ['dropped', 'uncompared'] as const) tally.note('GET /b', { state });
    tally.note('GET /b', { state: 'failed', noise: [] });
    expect(tally.report()).toMatchObject([
      { route: 'GET /b', compared: 1, differed: 1, dropped: 1, failed: 1, uncompared: 1 },
      { route: 'GET /a', compared: 1, differed: 0, noise: 1 },
    ]);
  });

  it('O25 a thousand routes and ten thousand ways to differ are bounded', () => {
    const tally = createShadowTally();
    for (let at = 0; at < 1000; at += 1) tally.note(`GET /${at}`, { state: 'dropped' });
    for (let at = 0; at < 10_000; at += 1)
      tally.note('GET /0', { state: 'compared', raw: [`body.${at}`], noise: null });
    const report = tally.report();
    expect(report).toHaveLength(201);
    expect(report.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(1000);
    expect(report[0]).toMatchObject({ route: 'GET /0', compared: 10_000, differed: 10_000 });
  });
});
