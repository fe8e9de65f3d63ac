import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { applyHolds } from '../../src/engine/advance/apply-holds.ts';
import { readEvents } from '../../src/store/event.ts';
import { putStandingHold, readStandingHolds } from '../../src/store/standing-hold.ts';
import type { Answer } from './open-api.ts';
import { openTestRuns } from './open-runs.ts';
import type { Prepared, TestRuns } from './open-runs.ts';

let api: TestRuns;
beforeAll(async () => {
  api = await openTestRuns();
});
afterAll(() => api.close());
afterEach(() => {
  if (api.trouble.length > 0) throw api.trouble[0];
});

const launch = '/api/launches/shop-cutover';
const because = { reason: 'because the test says so' };
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

async function confirm(run: string, person = 'alice', comment = 'it is frozen'): Promise<Answer> {
  const path = `/api/runs/${run}/steps/look/confirmations`;
  const prepared = await api.send(person, 'POST', `${path}/prepare`, { body: { proof: { value: comment } } });
  if (prepared.status !== 200) return prepared;
  return api.send(person, 'POST', path, { body: api.signedBy(person, prepared.body as Prepared) });
}

/** Waits for an answer while workers bring runs under holds, and out again, at every moment: they may be faster than the request. */
async function whileWorkersApply(asked: Promise<Answer>): Promise<Answer> {
  const over = new AbortController();
  asked.finally(() => over.abort()).catch(() => undefined);
  while (!over.signal.aborted) await applyHolds(api.store, api.engine.advancer);
  return asked;
}

/** From the moment in which a hold above all runs stood to that in which a run was under it, by the clock that wrote both down: no turn of this process counts. */
async function heldAfterMs(run: string, hold: string): Promise<number> {
  const { rows } = await api.store.database.pool.query<{ put_at: Date }>(
    'select put_at from tminus.standing_hold where id = $1',
    [hold],
  );
  const events = await readEvents(api.store, 0, { run, types: ['execution.held'] });
  const held = events.find(({ body }) => (body['hold'] as { id: string } | undefined)?.id === hold);
  return Date.parse(held?.at ?? '') - rows[0]!.put_at.getTime();
}

describe('what people do to runs over the API', { timeout: 180_000 }, () => {
  it('D16 T31 a run goes through its human step by a signed word, which stands in the log and with the step', async () => {
    const { id } = await api.runAtHumanStep();
    const closed = await confirm(id);
    expect(closed.status).toBe(201);
    const done = await api.until(id, 'an end', ({ state }) => state === 'completed');
    expect(done.steps.find(({ id: step }) => step === 'look')?.run).toMatchObject({
      state: 'done',
      proof: 'it is frozen',
      detail: 'confirmed by alice',
    });
    const step = await api.send('vera', 'GET', `/api/runs/${id}/steps/look`);
    const { index } = closed.body as { index: number };
    expect(step.body).toMatchObject({
      confirmations: [{ person: 'alice', role: 'lead', proof: 'it is frozen', index }],
    });
    const again = await confirm(id);
    expect([again.status, codeOf(again)]).toEqual([409, 'run_refused']);
  });

  it('S5 a word without proof, of the wrong role, unsigned, or of somebody else closes nothing', async () => {
    const { id } = await api.runAtHumanStep();
    const path = `/api/runs/${id}/steps/look/confirmations`;
    const prepared = await api.send('alice', 'POST', `${path}/prepare`, { body: { proof: { value: 'frozen' } } });
    const signed = api.signedBy('alice', prepared.body as Prepared);
    const forged = api.signedBy('bob', { ...(prepared.body as Prepared) });
    const refused = [
      await api.send('alice', 'POST', `${path}/prepare`, { body: {} }),
      await api.send('carol', 'POST', `${path}/prepare`, { body: { proof: { value: 'frozen' } } }),
      await api.send('vera', 'POST', `${path}/prepare`, { body: { proof: { value: 'frozen' } } }),
      await api.send('bob', 'POST', path, { body: signed }),
      await api.send('alice', 'POST', path, {
        body: { ...forged, signature: { person: 'alice', key: 'x', value: 'y' } },
      }),
      await api.send('alice', 'POST', `/api/runs/${id}/steps/freeze/confirmations`, { body: signed }),
      await api.send('alice', 'POST', path, { body: { reason: 'just so' } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([409, 409, 403, 403, 409, 403, 400]);
    expect((await api.read(id)).state).toBe('waiting_human');
    await api.deed('alice', id, 'cancel');
  });

  it('F16 a hold stops a run, tells who put it, and lets it go on when somebody who decides lifts it', async () => {
    const { id } = await api.runAtHumanStep();
    const held = await api.deed('carol', id, 'hold', { expectedVersion: null });
    expect([held.status, held.body]).toEqual([200, { run: id, state: 'held' }]);
    const now = await api.read(id);
    expect(now.holds).toMatchObject([{ id: 'hold-1', scope: 'run', by: 'carol' }]);
    expect(now.blockers[0]).toMatchObject({ kind: 'hold', unblockedBy: ['release'], people: ['alice', 'bob'] });
    const carol = await api.deed('carol', id, 'resume', { hold: 'hold-1' });
    expect([carol.status, codeOf(carol)]).toEqual([409, 'run_refused']);
    expect((await api.deed('alice', id, 'resume', { hold: 'hold-1' })).status).toBe(200);
    expect((await api.read(id)).holds).toEqual([]);
    // Lifted it is gone from the run, and not from what happened to it.
    const past = await api.send('vera', 'GET', `/api/runs/${id}/holds`);
    expect((past.body as { items: unknown[] }).items).toMatchObject([
      { id: 'hold-1', by: 'carol', lifted: { by: 'alice', atMs: expect.any(Number) } },
    ]);
    expect((await confirm(id)).status).toBe(201);
    await api.until(id, 'an end', ({ state }) => state === 'completed');
  });

  it('D16 whoever saw an older version changes nothing, and is told which one holds', async () => {
    const { id, version } = await api.runAtHumanStep();
    await api.deed('carol', id, 'hold');
    const late = await api.send('alice', 'POST', `/api/runs/${id}/skip`, {
      body: { ...because, step: 'look', expectedVersion: version },
    });
    expect([late.status, codeOf(late)]).toEqual([409, 'version_conflict']);
    expect((late.body as { current: string }).current).toBe((await api.read(id)).version);
    const none = await api.send('alice', 'POST', `/api/runs/${id}/skip`, { body: { ...because, step: 'look' } });
    expect([none.status, codeOf(none)]).toEqual([400, 'request_invalid']);
    await api.deed('alice', id, 'cancel');
  });

  it('A39 of 100 people who call a run off on the same version one does, and 99 are told that they were late', async () => {
    const { id, version } = await api.runAtHumanStep();
    const body = { ...because, expectedVersion: version };
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, place) =>
        api.send(place % 2 === 0 ? 'alice' : 'bob', 'POST', `/api/runs/${id}/cancel`, { body }),
      ),
    );
    const counts = Map.groupBy(answers, ({ status }) => status);
    expect([counts.get(200)?.length, counts.get(409)?.length]).toEqual([1, 99]);
    expect(new Set(counts.get(409)?.map(codeOf))).toEqual(new Set(['version_conflict']));
    const ended = await api.until(id, 'an end', ({ state }) => state === 'cancelled');
    const events = await api.send('vera', 'GET', `/api/runs/${id}/events?limit=500`);
    const { items } = events.body as { items: { type: string }[] };
    expect(items.filter(({ type }) => type === 'execution.cancelled')).toHaveLength(1);
    expect(ended.steps.find(({ id: step }) => step === 'finish')?.run?.state).toBe('cancelled');
  });

  it('F12 T31 taking a run back undoes what it did, and the report says how long it took', async () => {
    const { id } = await api.runAtHumanStep();
    const frozen = join(api.launch.directory, 'data/staging/frozen');
    expect(existsSync(frozen)).toBe(true);
    expect((await api.deed('alice', id, 'undo')).status).toBe(200);
    await api.until(id, 'to be taken back', ({ state }) => state === 'rolled_back');
    expect(existsSync(frozen)).toBe(false);
    const told = await api.send('vera', 'GET', `/api/runs/${id}/undo-plan`);
    expect(told.body).toMatchObject({
      report: { state: 'rolled_back', variant: 'full', rollbackMs: expect.any(Number), steps: [{ step: 'unfreeze' }] },
    });
  });

  it('D11 a viewer, nobody and a stranger do nothing to a run', async () => {
    const { id, version } = await api.runAtHumanStep();
    const deeds: Record<string, object> = {
      hold: {},
      resume: { hold: 'hold-1' },
      skip: { step: 'look' },
      retry: { step: 'freeze' },
      settle: { step: 'freeze', outcome: 'done' },
      'begin-late': { step: 'look' },
      decline: { step: 'look' },
      retarget: { t0: new Date(Date.now() + 9_000_000).toISOString() },
      recycle: { point: 'nowhere' },
      cancel: {},
      undo: {},
      start: {},
    };
    for (const [name, body] of Object.entries(deeds)) {
      const sent = { body: { ...because, expectedVersion: version, ...body } };
      const asked = await Promise.all(
        ['vera', 'mallory', null].map((person) => api.send(person, 'POST', `/api/runs/${id}/${name}`, sent)),
      );
      expect([name, ...asked.map(({ status }) => status)]).toEqual([name, 403, 403, 401]);
    }
    expect((await api.read(id)).version).toBe(version);
    await api.deed('alice', id, 'cancel');
  });

  it('O39 the same deed sent twice with one key is done once; without a key the second is late', async () => {
    const { id, version } = await api.runAtHumanStep();
    const body = { ...because, step: 'look', expectedVersion: version };
    const headers = { 'idempotency-key': `skip-${id}` };
    const first = await api.send('alice', 'POST', `/api/runs/${id}/skip`, { body, headers });
    const again = await api.send('alice', 'POST', `/api/runs/${id}/skip`, { body, headers });
    const without = await api.send('alice', 'POST', `/api/runs/${id}/skip`, { body });
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
    expect([without.status, codeOf(without)]).toEqual([409, 'version_conflict']);
    await api.until(id, 'an end', ({ state }) => state === 'partial');
  });

  it('O01 T-0 is moved by a lead, not by an operator, and a deed that the run refuses says what to do next', async () => {
    const { id } = await api.runAtHumanStep();
    const t0 = new Date(Date.now() + 9_000_000).toISOString();
    expect((await api.deed('carol', id, 'retarget', { t0 })).status).toBe(403);
    expect((await api.deed('alice', id, 'retarget', { t0 })).status).toBe(200);
    const told = (await api.send('vera', 'GET', `/api/runs/${id}`)).body as { count: { t0Ms: number } };
    expect(told.count.t0Ms).toBe(Date.parse(t0));
    const refused = await api.deed('alice', id, 'recycle', { point: 'nowhere' });
    expect([refused.status, (refused.body as { hint: string }).hint]).toEqual([
      409,
      'name a recycle point of the plan',
    ]);
    await api.deed('alice', id, 'cancel');
  });

  it('F16 a hold over everything stops every open run within five seconds, and those that come; lifted they go on', async () => {
    const runs = [await api.runAtHumanStep(), await api.runAtHumanStep()];
    const put = await whileWorkersApply(
      api.send('carol', 'POST', `${launch}/holds?environment=staging`, {
        body: { id: 'kill-switch', scope: 'global', mode: 'now', reason: 'the payment provider is down' },
      }),
    );
    expect([put.status, put.body]).toEqual([201, { hold: 'kill-switch', runs: 2 }]);
    for (const { id } of runs) {
      await api.until(id, 'to be held', ({ state }) => state === 'held');
      expect(await heldAfterMs(id, 'kill-switch')).toBeLessThan(5_000);
    }
    const listed = await api.send('vera', 'GET', `${launch}/holds`);
    expect(listed.body).toMatchObject({ items: [{ id: 'kill-switch', scope: 'global', by: 'carol' }] });
    const twice = await api.send('carol', 'POST', `${launch}/holds?environment=staging`, {
      body: { id: 'kill-switch', scope: 'global', reason: 'again' },
    });
    expect([twice.status, codeOf(twice)]).toEqual([409, 'run_refused']);
    const later = await api.order();
    expect(await api.until(later, 'to begin held', ({ state }) => state === 'held')).toMatchObject({
      holds: [{ id: 'kill-switch', scope: 'global' }],
    });
    const lift = `${launch}/holds/kill-switch/lift?environment=staging`;
    expect((await api.send('vera', 'POST', lift, { body: because })).status).toBe(403);
    const lifted = await whileWorkersApply(api.send('alice', 'POST', lift, { body: because }));
    expect(lifted.body).toEqual({ hold: 'kill-switch', runs: 3 });
    for (const id of [later, ...runs.map((run) => run.id)])
      await api.until(id, 'to go on', ({ state }) => state === 'waiting_human');
    const all = await api.send('alice', 'POST', `${launch}/runs/cancel?environment=staging`, { body: because });
    expect((all.body as { items: { refused: string | null }[] }).items.map(({ refused }) => refused)).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('D11 a hold on another launch is not lifted from here', async () => {
    const hold = {
      id: 'theirs',
      scope: 'launch',
      launch: 'other',
      environment: null,
      by: 'zoe',
      reason: 'their own',
    } as const;
    await api.store.tables.transaction().execute((tx) => putStandingHold(tx, { ...hold, mode: 'now', count: 'stops' }));
    const lifted = await api.send('alice', 'POST', `${launch}/holds/theirs/lift`, { body: because });
    expect([lifted.status, codeOf(lifted)]).toEqual([409, 'run_refused']);
    expect((await readStandingHolds(api.store, null)).map(({ id }) => id)).toEqual(['theirs']);
    expect((await api.send('alice', 'GET', `${launch}/holds`)).body).toEqual({ items: [] });
  });
});
