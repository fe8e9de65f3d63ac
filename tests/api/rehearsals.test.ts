import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answer, TestApi } from './open-api.ts';
import { openTestRuns } from './open-runs.ts';
import type { TestRuns } from './open-runs.ts';

let api: TestRuns;
beforeAll(async () => {
  api = await openTestRuns({}, canBeTakenBack);
});
afterAll(() => api.close());

const path = '/api/launches/shop-cutover/rehearsals';
const inStaging = `${path}?environment=staging`;
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

/** Where a person says the last word: a worker could do its step before the rehearsal turns back, and then there would be no way back. */
async function canBeTakenBack({ launch: { directory } }: TestApi): Promise<void> {
  const file = join(directory, 'launch.md');
  const last = /3\. Say that it is done [\s\S]*?(?=## Rollback)/u;
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(last, '3. [HUMAN] Say that it is done {#finish role=lead needs=look}\n\n'));
}

interface Round {
  id: string;
  endedAtMs: number | null;
  planned: number;
  passes: { id: string; state: string | null; endedAtMs: number | null; steps: number; done: number }[];
  rehearsal: string | null;
  passed: boolean | null;
  trouble: string | null;
}

interface Listed {
  items: { id: string; passed: boolean; current: boolean }[];
  rounds: Round[];
}

const list = async (): Promise<Listed> => (await api.send('vera', 'GET', `${path}?limit=10`)).body as Listed;

async function wish(depth: 'quick' | 'full'): Promise<object> {
  const plan = await api.send('carol', 'GET', '/api/launches/shop-cutover/procedures/runbook/plan?environment=staging');
  return { procedure: 'runbook', depth, expectedVersion: (plan.body as { version: string }).version };
}

async function untilRound(isSo: (round: Round) => boolean): Promise<Round> {
  for (let tries = 0; tries < 5_000; tries++) {
    const { rounds } = await list();
    if (rounds[0] && isSo(rounds[0])) return rounds[0];
    await pause(50);
  }
  throw new Error(`rehearsal: expected another state, got ${JSON.stringify(await list())}`);
}

describe('rehearsals over the API', { timeout: 180_000 }, () => {
  it('C07 a rehearsal is begun at once, watched pass by pass, and its report judged by its events', async () => {
    const begun = await api.send('carol', 'POST', inStaging, { body: await wish('quick') });
    expect([begun.status, begun.body]).toMatchObject([202, { endedAtMs: null, passed: null, startedBy: 'carol' }]);
    const twice = await api.send('carol', 'POST', inStaging, { body: await wish('quick') });
    expect([twice.status, codeOf(twice)]).toEqual([409, 'run_refused']);
    await untilRound(({ passes }) => (passes[0]?.done ?? 0) > 0);
    const ended = await untilRound(({ endedAtMs }) => endedAtMs !== null);
    expect(ended).toMatchObject({ planned: 2, trouble: null, rehearsal: expect.any(String) });
    // Taken back, not all of its steps are done, and it is over all the same.
    expect(ended.passes).toMatchObject([
      { state: 'completed', endedAtMs: expect.any(Number) },
      { state: 'rolled_back', endedAtMs: expect.any(Number) },
    ]);
    const { items } = await list();
    expect(items).toMatchObject([{ id: ended.rehearsal, depth: 'quick', current: true }]);
    const report = await api.send('vera', 'GET', `${path}/${ended.rehearsal}`);
    expect(report.body).toMatchObject({
      procedure: 'runbook',
      depth: 'quick',
      // A quick one plants no fault, and so says nothing, however well it went.
      passed: false,
      partial: 'it was a quick one, without faults',
      findings: [],
      passes: [{ state: 'completed' }, { state: 'rolled_back', takesBack: true }],
    });
    const none = await api.send('vera', 'GET', `${path}/rehearsal-nowhere`);
    expect([none.status, codeOf(none)]).toEqual([404, 'run_unknown']);
    const { passes } = report.body as { passes: { run: string }[] };
    const compared = await api.send('vera', 'GET', `/api/runs/${passes[0]?.run}/compare?with=${passes[1]?.run}`);
    expect(compared.body).toMatchObject({ samePlan: true, run: { mode: 'rehearsal' }, with: { mode: 'rehearsal' } });
    expect(api.trouble).toEqual([]);
  });

  it('C07 nothing is rehearsed in production, by a viewer, or on a plan that is another now', async () => {
    const body = await wish('quick');
    const production = await api.send('carol', 'POST', path, { body });
    expect([production.status, codeOf(production)]).toEqual([409, 'run_refused']);
    const others = await Promise.all(
      ['vera', 'mallory', null].map((who) => api.send(who, 'POST', inStaging, { body })),
    );
    expect(others.map(({ status }) => status)).toEqual([403, 403, 401]);
    const stale = await api.send('carol', 'POST', inStaging, { body: { ...body, expectedVersion: 'another' } });
    expect([stale.status, codeOf(stale)]).toEqual([409, 'version_conflict']);
  });

  it('T14 a rehearsal that is stopped calls off what it has begun, and says that it was stopped', async () => {
    const begun = await api.send('carol', 'POST', inStaging, { body: await wish('full') });
    expect(begun.status).toBe(202);
    await untilRound(({ passes }) => passes.length > 0);
    expect((await api.send('vera', 'DELETE', inStaging)).status).toBe(403);
    expect((await api.send('carol', 'DELETE', inStaging)).body).toEqual({ stopped: true });
    const ended = await untilRound(({ endedAtMs }) => endedAtMs !== null);
    expect(ended).toMatchObject({ passed: false, trouble: 'it was stopped' });
    expect((await api.send('carol', 'DELETE', inStaging)).body).toEqual({ stopped: false });
    const open = await api.send('carol', 'GET', '/api/runs?open=true&mode=rehearsal');
    expect(open.body).toEqual({ items: [], next: null });
  });
});
