import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openUpkeep } from '../../src/engine/monitor/open-upkeep.ts';
import { finishRequest, forgetRequests, takeRequest } from '../../src/store/api-request.ts';
import type { KeyedRequest } from '../../src/store/api-request.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterAll(() => database.drop());

const of = (key: string, body = 1): KeyedRequest => ({ account: 'alice', key, request: Buffer.alloc(32, body) });
const answer = { status: 201, body: '{"id":1}' };

/** Lets time pass for a key: what the server wrote when it took the key was so long ago. */
async function age(key: string, interval: string): Promise<void> {
  await sql`update tminus.api_request set taken_at = taken_at - ${interval}::interval where key = ${key}`.execute(
    store.tables,
  );
}

describe('idempotency keys', () => {
  it('A24 are carried out once, over all processes; the repetition gets the first answer, another body a refusal', async () => {
    const other = await database.open();
    const taken = await Promise.all([takeRequest(store, of('once')), takeRequest(other, of('once'))]);
    expect(taken.map(({ state }) => state).toSorted()).toEqual(['first', 'open']);
    await finishRequest(store, of('once'), answer);
    expect(await takeRequest(other, of('once'))).toEqual({ state: 'done', answer });
    expect(await takeRequest(other, of('once', 2))).toEqual({ state: 'other' });
    expect(await takeRequest(other, { ...of('once'), account: 'bob' })).toEqual({ state: 'first' });
  });

  it('F15 a key whose server died while it was under way is free again after two minutes, for the same request only', async () => {
    expect((await takeRequest(store, of('died'))).state).toBe('first');
    await age('died', '1 minute 50 seconds');
    expect((await takeRequest(store, of('died'))).state).toBe('open');
    await age('died', '20 seconds');
    expect((await takeRequest(store, of('died', 2))).state).toBe('other');
    expect((await takeRequest(store, of('died'))).state).toBe('first');
    expect((await takeRequest(store, of('died'))).state).toBe('open');
  });

  it('A24 an answer that was given is not carried out again after two minutes, and its key is free after a day', async () => {
    await takeRequest(store, of('kept'));
    await finishRequest(store, of('kept'), answer);
    await age('kept', '23 hours 59 minutes');
    expect(await takeRequest(store, of('kept'))).toEqual({ state: 'done', answer });
    await age('kept', '2 minutes');
    expect((await takeRequest(store, of('kept', 2))).state).toBe('first');
  });

  it('O39 answers older than a day are forgotten in small bites, and younger ones stay', async () => {
    for (const key of ['old-1', 'old-2', 'old-3', 'young']) {
      await takeRequest(store, of(key));
      await finishRequest(store, of(key), answer);
    }
    for (const key of ['old-1', 'old-2', 'old-3']) await age(key, '25 hours');
    expect(await forgetRequests(store, 2)).toBe(2);
    expect(await forgetRequests(store, 2)).toBe(1);
    expect(await forgetRequests(store, 2)).toBe(0);
    for (const key of ['old-4', 'old-5']) {
      await takeRequest(store, of(key));
      await age(key, '25 hours');
    }
    const upkeep = openUpkeep(store, { keepEventsMs: null, report: () => undefined });
    expect(await upkeep.look()).toEqual({ requests: 2, events: 0 });
    await upkeep.close();
    expect(await takeRequest(store, of('young'))).toEqual({ state: 'done', answer });
  });
});
