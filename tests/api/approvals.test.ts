import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

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

interface Request {
  id: string;
  run: string;
  version: string;
  open: boolean;
  approved: boolean;
  reasons: string[];
  canVote: { person: string; roles: string[] }[];
  votes: { person: string; vote: string; counts: boolean }[];
}

const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

/** A run in production that waits for two people, one second after the last, so that each is another order. */
let offset = 7_200_000;
async function order(): Promise<Request> {
  const path = '/api/launches/shop-cutover';
  const { body: plan } = await api.send('carol', 'GET', `${path}/procedures/runbook/plan`);
  offset += 1_000;
  const body = {
    procedure: 'runbook',
    expectedVersion: (plan as { version: string }).version,
    reason: 'we switch on Saturday',
    t0: new Date(Date.now() + offset).toISOString(),
  };
  const ordered = await api.send('carol', 'POST', `${path}/runs`, { body });
  expect(ordered.status).toBe(201);
  const { run, request } = ordered.body as { run: string; request: string };
  return (await api.send('carol', 'GET', `/api/runs/${run}/approvals/${request}`)).body as Request;
}

const votesOf = ({ run, id }: Request): string => `/api/runs/${run}/approvals/${id}/votes`;

async function vote(person: string, request: Request, said: object = {}): Promise<Answer> {
  const body = { vote: 'go', reason: 'I have read the dry run', seen: request.version, ...said };
  const prepared = await api.send(person, 'POST', `${votesOf(request)}/prepare`, { body });
  if (prepared.status !== 200) return prepared;
  const signed = api.signedBy(person, prepared.body as Prepared);
  return api.send(person, 'POST', votesOf(request), { body: signed });
}

describe('approvals over the API', { timeout: 180_000 }, () => {
  it('O02 S5 two people who had no hand in it sign, each with their own key, and the run goes on', async () => {
    const request = await order();
    expect(request).toMatchObject({
      level: 2,
      open: true,
      approved: false,
      wanted: { approvers: 2, secondFactor: true },
    });
    expect(request.canVote.map(({ person }) => person)).toEqual(['alice', 'bob', 'erin']);
    const listed = await api.send('carol', 'GET', '/api/approvals');
    expect((listed.body as { items: Request[] }).items.map(({ id }) => id)).toContain(request.id);
    const first = await vote('erin', request);
    expect([first.status, first.body]).toEqual([
      201,
      {
        id: expect.any(String),
        index: expect.any(Number),
        approved: false,
        ended: false,
        reasons: ['level 2 wants 2 humans, got 1'],
      },
    ]);
    const now = (await api.send('carol', 'GET', `/api/runs/${request.run}/approvals`)).body as { items: Request[] };
    expect(now.items[0]?.canVote.map(({ person }) => person)).toEqual(['alice', 'bob']);
    const second = await vote('alice', request);
    expect(second.body).toMatchObject({ approved: true, reasons: [] });
    await api.until(request.run, 'to go on', ({ state }) => !['pending_approval', 'approved'].includes(state));
    const after = (await api.send('carol', 'GET', `/api/runs/${request.run}/approvals/${request.id}`)).body as Request;
    expect(after).toMatchObject({ approved: true, open: false, canVote: [] });
    expect(after.votes.map(({ person, counts }) => [person, counts])).toEqual([
      ['erin', true],
      ['alice', true],
    ]);
  });

  it('A27 a session alone, a token, the requester and a stranger approve nothing', async () => {
    const request = await order();
    const path = votesOf(request);
    const wish = { vote: 'go', reason: 'it will be fine', seen: request.version };
    const unsigned = await api.send('erin', 'POST', path, { body: wish });
    expect([unsigned.status, codeOf(unsigned)]).toEqual([400, 'request_invalid']);
    const prepared = (await api.send('erin', 'POST', `${path}/prepare`, { body: wish })).body as Prepared;
    const made = await api.send('erin', 'POST', '/api/me/tokens', {
      body: { name: 'pipeline', scopes: ['run.view'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
    });
    const authorization = `Bearer ${(made.body as { text: string }).text}`;
    const body = api.signedBy('erin', prepared);
    const byToken = await api.send(null, 'POST', path, { body, headers: { authorization } });
    expect([byToken.status, codeOf(byToken)]).toEqual([403, 'permission_denied']);
    const carol = await vote('carol', request);
    expect([carol.status, codeOf(carol)]).toEqual([409, 'statement_void']);
    const others = [await vote('mallory', request), await api.send('bob', 'POST', path, { body })];
    expect(others.map(({ status }) => status)).toEqual([403, 403]);
    const nobody = await api.send(null, 'POST', path, { body });
    expect(nobody.status).toBe(401);
    const now = (await api.send('erin', 'GET', `/api/runs/${request.run}/approvals`)).body as { items: Request[] };
    expect(now.items[0]).toMatchObject({ approved: false, votes: [] });
    await api.deed('alice', request.run, 'cancel');
  });

  it('A28 whoever read another request, or signs for another, is told; the same vote twice is one vote', async () => {
    const [request, other] = [await order(), await order()];
    const stale = await vote('erin', request, { seen: '0'.repeat(64) });
    expect([stale.status, codeOf(stale), (stale.body as { current: string }).current]).toEqual([
      409,
      'version_conflict',
      request.version,
    ]);
    const wish = { vote: 'go', reason: 'I have read it', seen: request.version };
    const prepared = await api.send('erin', 'POST', `${votesOf(request)}/prepare`, { body: wish });
    const body = api.signedBy('erin', prepared.body as Prepared);
    const misplaced = await api.send('erin', 'POST', votesOf(other), { body });
    expect([misplaced.status, codeOf(misplaced)]).toEqual([403, 'signature_invalid']);
    const headers = { 'idempotency-key': `vote-${request.id}` };
    const once = await api.send('erin', 'POST', votesOf(request), { body, headers });
    const twice = await api.send('erin', 'POST', votesOf(request), { body, headers });
    expect([once.status, twice.body]).toEqual([201, once.body]);
    await api.send('erin', 'POST', votesOf(request), { body });
    const now = (await api.send('erin', 'GET', `/api/runs/${request.run}/approvals/${request.id}`)).body as Request;
    expect(now.votes.map(({ person, vote: said }) => [person, said])).toEqual([['erin', 'go']]);
    for (const { run } of [request, other]) await api.deed('alice', run, 'cancel');
  });

  it('S5 a no-go of somebody who decides ends the run, with the reason', async () => {
    const request = await order();
    const said = await vote('alice', request, { vote: 'no-go', reason: 'the restore was not rehearsed' });
    expect(said.body).toMatchObject({ approved: false, ended: true });
    expect((await api.read(request.run)).state).toBe('rejected');
  });

  it('A29 nobody goes round an approval without a grant for it, nor from a session that a password alone opened', async () => {
    const request = await order();
    const { version } = await api.read(request.run);
    const path = `/api/runs/${request.run}/break-glass`;
    const without = await api.send('bob', 'POST', path, { body: { expectedVersion: version } });
    expect([without.status, codeOf(without)]).toEqual([403, 'permission_denied']);
    await api.breakGlassFor('bob', 'alice');
    const weak = await api.send('bob', 'POST', path, { body: { expectedVersion: version } });
    expect([weak.status, codeOf(weak)]).toEqual([403, 'step_up_wanted']);
    expect((await api.read(request.run)).state).toBe('pending_approval');
    await api.showFactor('bob');
    const late = await api.send('bob', 'POST', path, { body: { expectedVersion: '0' } });
    expect([late.status, codeOf(late)]).toEqual([409, 'version_conflict']);
    const broken = await api.send('bob', 'POST', path, { body: { expectedVersion: version } });
    expect([broken.status, broken.body]).toMatchObject([200, { run: request.run }]);
    await api.until(request.run, 'to go on', ({ state }) => !['pending_approval', 'approved'].includes(state));
  });

  it('O02 an approval of the way back is asked for by its run, for its version only', async () => {
    const request = await order();
    const { version } = await api.read(request.run);
    const path = `/api/runs/${request.run}/approvals`;
    const wish = { what: 'run', reason: 'the first one expired', expectedVersion: version };
    const late = await api.send('carol', 'POST', path, { body: { ...wish, expectedVersion: '0' } });
    expect([late.status, codeOf(late)]).toEqual([409, 'version_conflict']);
    const asked = await api.send('carol', 'POST', path, { body: wish });
    expect([asked.status, (asked.body as { level: number }).level]).toEqual([201, 2]);
    const listed = (await api.send('carol', 'GET', path)).body as { items: Request[] };
    expect(listed.items.map(({ id }) => id)).toEqual([(asked.body as Request).id, request.id]);
    const staging = await api.runAtHumanStep();
    const none = await api.deed('carol', staging.id, 'approvals', { what: 'way-back' });
    expect([none.status, codeOf(none)]).toEqual([409, 'approval_refused']);
    for (const run of [request.run, staging.id]) await api.deed('alice', run, 'cancel');
  });
});
