import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestRuns } from './open-runs.ts';
import type { TestRuns, ToldRun } from './open-runs.ts';

let api: TestRuns;
let run: ToldRun;
beforeAll(async () => {
  api = await openTestRuns();
  run = await api.runAtHumanStep();
});
afterAll(() => api.close());

const codeOf = ({ body }: { body: unknown }): string => (body as { code: string }).code;
const get = async (path: string, person: string | null = 'vera') => api.send(person, 'GET', `/api${path}`);

interface Page<Item> {
  items: Item[];
  next: string | null;
}

describe('runs over the API', { timeout: 180_000 }, () => {
  it('D13 O14 a run is told with what it waits for, until when, what happens then, and who can go on with it', async () => {
    expect(run).toMatchObject({
      state: 'waiting_human',
      launch: 'shop-cutover',
      environment: 'staging',
      executor: 'carol',
      mode: 'live',
      approvalLevel: 0,
      deciders: [{ role: 'lead', people: ['alice', 'bob'] }],
      phases: [{ title: 'T-1h Prepare', offsetMs: -3_600_000 }],
      returnPoint: { state: 'ahead' },
      progress: { total: 3, completed: 1, percent: 33 },
    });
    expect(run.steps.map(({ id, part, run: of }) => [id, part, of?.state ?? null])).toEqual([
      ['freeze', 'forward', 'done'],
      ['look', 'forward', 'waiting_human'],
      ['finish', 'forward', 'pending'],
      ['unfreeze', 'undo', null],
    ]);
    expect(run.blockers.find(({ step }) => step === 'look')).toMatchObject({
      kind: 'person',
      people: ['alice', 'bob'],
      unblockedBy: ['confirm', 'decline', 'skip'],
    });
  });

  it('O05 the page learns what its reader may do, by the grants of this moment', async () => {
    const rightsOf = async (person: string): Promise<string[]> =>
      ((await get(`/runs/${run.id}`, person)).body as ToldRun).rights;
    expect(await rightsOf('alice')).toContain('step.skip');
    expect(await rightsOf('carol')).not.toContain('step.skip');
    expect(await rightsOf('vera')).toEqual(['launch.view', 'run.view']);
  });

  it('S9 nobody and a stranger see neither the list nor the run', async () => {
    for (const path of ['/runs', `/runs/${run.id}`, `/runs/${run.id}/log`, `/runs/${run.id}/steps/look`]) {
      const [nobody, stranger] = [await get(path, null), await get(path, 'mallory')];
      expect([path, nobody.status, codeOf(nobody)]).toEqual([path, 401, 'signed_out']);
      expect([path, stranger.status, codeOf(stranger)]).toEqual([path, 403, 'permission_denied']);
    }
    const none = await get('/runs/run-nowhere');
    expect([none.status, codeOf(none)]).toEqual([404, 'run_unknown']);
  });

  it('T31 a step is told with its Markdown, the fence, its effects here, and what it said', async () => {
    const step = await get(`/runs/${run.id}/steps/freeze`);
    expect(step.body).toMatchObject({
      source: { at: { file: 'launch.md' } },
      action: { kind: 'sh' },
      effects: [{ does: 'unknown', target: 'echo frozen now\ntouch "data/staging/frozen"' }],
      step: { id: 'freeze', typicalMs: expect.any(Number), run: { state: 'done', attempt: 1 } },
    });
    const { source } = step.body as { source: { markdown: string } };
    expect(source.markdown).toContain('\n\nNobody may change anything **from here on**.\n\n```sh');
    const unknown = await get(`/runs/${run.id}/steps/nowhere`);
    expect([unknown.status, codeOf(unknown)]).toEqual([404, 'run_unknown']);
    const log = (await get(`/runs/${run.id}/log?step=freeze`)).body as { items: { text: string }[]; cursor: string };
    expect(log.items.map(({ text }) => text).join('')).toBe('frozen now\n');
    const after = await get(`/runs/${run.id}/log?step=freeze&cursor=${log.cursor}`);
    expect(after.body).toEqual({ items: [], cursor: log.cursor, more: false });
  });

  it('O15 events come page by page, without one lost or doubled', async () => {
    const whole = (await get(`/runs/${run.id}/events?limit=500`)).body as { items: { cursor: number; type: string }[] };
    const told: { cursor: number; type: string }[] = [];
    for (let after = 0, more = true; more;) {
      const page = (await get(`/runs/${run.id}/events?limit=3&after=${after}`)).body as typeof whole & {
        cursor: number;
        more: boolean;
      };
      told.push(...page.items);
      [after, more] = [page.cursor, page.more];
    }
    expect(told).toEqual(whole.items);
    expect(told.map(({ type }) => type)).toContain('step.started');
  });

  it('F12 the way back, the forecast and the comparison are told before anybody needs them', async () => {
    expect((await get(`/runs/${run.id}/undo-plan`)).body).toMatchObject({
      variant: 'full',
      approvalLevel: 0,
      steps: [{ step: 'unfreeze', undoes: ['freeze'], certain: true }],
      cannot: [{ step: 'look', matters: false }],
      report: null,
    });
    expect((await get(`/runs/${run.id}/forecast`)).body).toMatchObject({
      finishMs: null,
      gaps: [{ code: 'never_measured', step: 'look' }, { code: 'never_measured' }],
    });
    const compared = (await get(`/runs/${run.id}/compare?with=${run.id}`)).body;
    expect(compared).toMatchObject({ samePlan: true, steps: [{ step: 'freeze', differenceMs: 0 }, {}, {}, {}] });
  });

  it('O39 runs are listed newest first, page by page, and only those of the filter', async () => {
    const second = await api.runAtHumanStep();
    const first = (await get('/runs?limit=1&open=true')).body as Page<{ id: string }>;
    const rest = (await get(`/runs?limit=1&open=true&cursor=${first.next}`)).body as Page<{ id: string }>;
    expect([first.items, rest.items].map(([one]) => one?.id)).toEqual([second.id, run.id]);
    expect(rest.next).toBeNull();
    expect((await get('/launches/shop-cutover/runs?environment=production')).body).toEqual({ items: [], next: null });
    const forged = await get('/runs?cursor=bm8');
    expect([forged.status, codeOf(forged)]).toEqual([400, 'request_invalid']);
    await api.deed('alice', second.id, 'cancel');
  });

  it('O03 an order names the plan that was read; the same order twice is one run, and a viewer orders none', async () => {
    const path = '/api/launches/shop-cutover/runs?environment=staging';
    const plan = (await get('/launches/shop-cutover/procedures/runbook/plan?environment=staging')).body as {
      version: string;
    };
    const body = {
      procedure: 'runbook',
      expectedVersion: plan.version,
      reason: 'ordered twice',
      t0: new Date(Date.now() + 7_200_000).toISOString(),
    };
    const stale = await api.send('carol', 'POST', path, { body: { ...body, expectedVersion: '0'.repeat(64) } });
    expect([stale.status, codeOf(stale), (stale.body as { current: string }).current]).toEqual([
      409,
      'version_conflict',
      plan.version,
    ]);
    const vera = await api.send('vera', 'POST', path, { body });
    expect([vera.status, codeOf(vera)]).toEqual([403, 'permission_denied']);
    const once = await api.send('carol', 'POST', path, { body });
    const twice = await api.send('carol', 'POST', path, { body });
    expect([once.status, twice.status]).toEqual([201, 201]);
    expect(twice.body).toEqual({ ...(once.body as object), repeated: true });
    const more = await api.send('carol', 'POST', path, { body: { ...body, mode: 'rehearsal' } });
    expect([more.status, codeOf(more)]).toEqual([400, 'request_invalid']);
    await api.deed('alice', (once.body as { run: string }).run, 'cancel');
    expect(api.trouble).toEqual([]);
  });
});
