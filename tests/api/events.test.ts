import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { giveGrant } from '../../src/engine/access/give-grant.ts';
import { revokeGrants } from '../../src/engine/access/revoke-grants.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { pruneEvents } from '../../src/engine/monitor/prune-events.ts';
import type { Launch } from '../../src/core/launch/launch.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readEvents } from '../../src/store/event.ts';
import { listen } from './listen.ts';
import { openTestApi } from './open-api.ts';
import type { TestApi } from './open-api.ts';
import { putRun, writeEvents } from './write-events.ts';

let api: TestApi;
let url: string;
let launch: Launch;
beforeAll(async () => {
  api = await openTestApi({ limits: { streams: 12 } });
  url = `${api.url}/api/events/stream`;
  ({ launch } = await loadPlan(api.launch.directory, { checks: checkReaders, steps: stepReaders }));
  const give = { expiresAt: null, delegates: null, breakGlass: false, reason: 'installed it', giver: null };
  const holder = { kind: 'person', id: 'alice' } as const;
  await giveGrant(api.store, launch, { ...give, holder, role: 'admin', environment: 'production' });
});
afterAll(() => api.close());

/**
 * Whether a stream ends within the seconds that are promised. Counted are those in which this process, which serves it, had its turn: while the machine stands still
 * nobody looks at rights, and nobody is late.
 */
async function endsWithin(ended: Promise<void>, ms: number): Promise<boolean> {
  const stream = { isOver: false };
  void ended.then(() => (stream.isOver = true));
  for (let left = ms; left > 0 && !stream.isOver; left -= 50) await pause(50);
  return stream.isOver;
}

describe('rights of streams', () => {
  it('A36 a right that was taken away ends the stream within seconds, and those of others go on', async () => {
    await putRun(api.store, { id: 'run-now', launch: 'shop-cutover', environment: 'staging' });
    const erin = await listen(url, await api.headersOf('erin'));
    const bob = await listen(url, await api.headersOf('bob'));
    expect(await endsWithin(erin.ended, 2_500)).toBe(false);
    const wish = { grant: null, holder: 'erin', environment: 'staging', by: 'alice', reason: 'left the team' };
    await revokeGrants(api.store, launch, wish);
    expect(await endsWithin(erin.ended, 10_000)).toBe(true);
    await writeEvents(api.store, 'run-now', 2);
    const again = await listen(url, await api.headersOf('erin'));
    await writeEvents(api.store, 'run-now', 1);
    await bob.until(3);
    for (const one of [again, bob]) one.leave();
    expect(again.messages).toEqual([]);
  }, 180_000);

  it('A36 who may look at one environment sees nothing of another, in the list neither', async () => {
    await putRun(api.store, { id: 'run-live', launch: 'shop-cutover', environment: 'production' });
    const erin = await listen(url, await api.headersOf('erin'));
    const last = await writeEvents(api.store, 'run-live', 1);
    await writeEvents(api.store, 'run-now', 1, { type: 'step.failed' });
    await erin.until(1);
    erin.leave();
    expect(erin.messages.map(({ id }) => Number(id))).toEqual([last]);
    const list = await api.send('erin', 'GET', `/api/events?after=${last - 1}`);
    expect(list.body).toMatchObject({ items: [{ cursor: last }] });
  });

  it('T14 a session that was ended ends its stream within seconds; nobody can open another with it', async () => {
    const headers = await api.headersOf('dave');
    const stream = await listen(url, headers);
    const accounts = await api.identity.accounts.list();
    const dave = accounts.find(({ person }) => person === 'dave')!;
    await api.identity.sessions.revokeAll(dave.id, null, 'test');
    expect(await endsWithin(stream.ended, 10_000)).toBe(true);
    expect((await listen(url, headers)).status).toBe(401);
  }, 180_000);

  it('T20 a token without the scope hears nothing, and one that was revoked ends', async () => {
    const carol =
      (await api.headersOf('carol')) && (await api.identity.accounts.list()).find((one) => one.person === 'carol')!;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const make = async (scope: 'launch.view' | 'run.view') =>
      api.identity.tokens.create(carol.id, { name: scope, scopes: [scope], expiresAt });
    const [poor, rich] = [await make('launch.view'), await make('run.view')];
    const streams = await Promise.all([poor, rich].map(({ text }) => listen(url, { authorization: `Bearer ${text}` })));
    await writeEvents(api.store, 'run-now', 1);
    await streams[1]!.until(1);
    expect(streams[0]!.messages).toEqual([]);
    await api.identity.tokens.revoke(rich.token.id, null, 'test');
    expect(await endsWithin(streams[1]!.ended, 10_000)).toBe(true);
    streams[0]!.leave();
  }, 180_000);

  it('A41 of too many streams the oldest goes', async () => {
    const headers = await api.headersOf('alice');
    const first = await listen(url, headers);
    const others = [];
    for (let count = 0; count < 12; count++) others.push(await listen(url, headers));
    expect(await endsWithin(first.ended, 10_000)).toBe(true);
    expect(await endsWithin(others[0]!.ended, 300)).toBe(false);
    for (const one of others) one.leave();
  });
});

describe('events that are no longer kept', () => {
  const prune = (patch: object = {}): ReturnType<typeof pruneEvents> =>
    pruneEvents(api.store, { keepMs: 0, person: 'alice', reason: 'too many', dryRun: false, ...patch });

  it('F55 cannot be removed but by a prune', async () => {
    const { pool } = api.store.database;
    await expect(pool.query('delete from tminus.event')).rejects.toThrow('expected it to be kept');
    await expect(pool.query('truncate tminus.event')).rejects.toThrow('only to be added');
    await expect(pool.query("update tminus.event set type = 'x'")).rejects.toThrow('only to be added');
  });

  it('F55 stay while their run is open, and go whole with it: cursors get no holes', async () => {
    const open = (await prune({ dryRun: true })).floor;
    const [first] = await readEvents(api.store, 0, { limit: 1 });
    // run-now and run-live are open, and the first event of all is of one of them.
    expect(open).toBe(first!.cursor);
    await api.store.tables.updateTable('run').set({ ended_at: new Date(), state: 'completed' }).execute();
    await putRun(api.store, { id: 'run-next', launch: 'shop-cutover', environment: 'staging' });
    const kept = (await writeEvents(api.store, 'run-next', 2)) - 1;
    await writeEvents(api.store, 'run-now', 1);
    // The run that has ended reaches behind the open one, so that nothing of it may go.
    expect((await prune({ dryRun: true })).floor).toBe(first!.cursor);
    await api.store.tables.updateTable('run').set({ ended_at: new Date() }).where('id', '=', 'run-next').execute();
    await putRun(api.store, { id: 'run-open', launch: 'shop-cutover', environment: 'staging' });
    const stays = await writeEvents(api.store, 'run-open', 3);
    await pause(10);
    expect(kept).toBeGreaterThan(first!.cursor);
    const pruned = await prune();
    expect(pruned.floor).toBe(stays - 2);
    const left = await readEvents(api.store, 0, { limit: 10_000 });
    expect(left.map(({ cursor }) => cursor)).toEqual(left.map((_, index) => stays - 2 + index));
    expect(left.at(-1)).toMatchObject({ type: 'system.notice', body: { what: 'prune', person: 'alice' } });
  });

  it('F55 are told as a gap, once, to a stream that resumes before it, and in the list', async () => {
    const [first] = await readEvents(api.store, 0, { limit: 1 });
    const stream = await listen(url, await api.headersOf('alice'), 2);
    await stream.until(3);
    stream.leave();
    expect(stream.messages[0]).toMatchObject({ event: 'gap', data: { after: 2, before: first!.cursor } });
    expect(stream.messages.filter(({ event }) => event === 'gap')).toHaveLength(1);
    expect(Number(stream.messages[1]!.id)).toBe(first!.cursor);
    const list = await api.send('alice', 'GET', '/api/events?after=2&limit=1');
    expect(list.body).toMatchObject({ gap: { after: 2, before: first!.cursor } });
    const whole = await api.send('alice', 'GET', `/api/events?after=${first!.cursor - 1}&limit=1`);
    expect(whole.body).toMatchObject({ gap: null });
    expect(api.trouble).toEqual([]);
  });
});
