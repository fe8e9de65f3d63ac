import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStage, other, own } from './cast.ts';
import type { Stage } from './cast.ts';
import { listen } from './listen.ts';
import type { Answer } from './open-api.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Asks as somebody of the cast. */
function ask(name: string, method: string, path: string, body?: unknown): Promise<Answer> {
  return stage.api.send(null, method, path, {
    headers: stage.headersOf(name, null),
    ...(body !== undefined && { body }),
  });
}

const stranger = 'lead of another launch';
const codeOf = ({ body }: Answer): string => (body as { code?: string }).code ?? '';

async function refusals(person: string): Promise<{ permission: string; run: string | null; launch: string }[]> {
  const { rows } = await sql<{ permission: string; run: string | null; launch: string }>`
    select permission, run, launch from tminus.access_decision where actor = ${person} and not allowed order by id`.execute(
    stage.api.store.tables,
  );
  return rows;
}

describe('ids that belong to somebody else', () => {
  it('A36 a run of another launch is refused to look at and to act on, and both stand in the audit', async () => {
    const run = stage.runs[`${own} production`]!;
    const before = (await refusals('xenia')).length;
    const said = { reason: 'not mine', expectedVersion: null };
    const answers = [
      await ask(stranger, 'GET', `/api/runs/${run}`),
      await ask(stranger, 'GET', `/api/runs/${run}/log`),
      await ask(stranger, 'GET', `/api/runs/${run}/approvals/${stage.request}`),
      await ask(stranger, 'POST', `/api/runs/${run}/hold`, said),
    ];
    expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual(
      answers.map(() => [403, 'permission_denied']),
    );
    const written = (await refusals('xenia')).slice(before);
    expect(written.map(({ permission }) => permission)).toEqual(['run.view', 'run.view', 'run.view', 'run.hold']);
    expect(written.every((row) => row.launch === own && row.run === run)).toBe(true);
    // Control: of the own run all of it is answered.
    expect((await ask('lead', 'GET', `/api/runs/${run}`)).status).toBe(200);
    expect((await ask('lead', 'GET', `/api/runs/${run}/approvals/${stage.request}`)).status).toBe(200);
  });

  it('A36 what is of another run or launch is not found under an own one', async () => {
    const mine = stage.runs[`${other} production`]!;
    const theirs = stage.runs[`${own} production`]!;
    const asked = await ask(stranger, 'GET', `/api/runs/${mine}/approvals/${stage.request}`);
    expect([asked.status, codeOf(asked)]).toEqual([404, 'approval_unknown']);
    const seen = { vote: 'go', reason: 'not mine', role: null, seen: 'x' };
    const vote = await ask(stranger, 'POST', `/api/runs/${mine}/approvals/${stage.request}/votes/prepare`, seen);
    expect([vote.status, codeOf(vote)]).toEqual([404, 'approval_unknown']);
    const compared = await ask(stranger, 'GET', `/api/runs/${mine}/compare?with=${theirs}`);
    expect([compared.status, codeOf(compared)]).toEqual([403, 'permission_denied']);
    const sealed = await ask('lead', 'POST', `/api/launches/${own}/gates/ready/decisions`, {});
    const { id } = sealed.body as { id: string };
    expect(sealed.status).toBe(201);
    expect((await ask('lead', 'GET', `/api/launches/${own}/evidence/${id}`)).status).toBe(200);
    for (const path of [`evidence/${id}`, `bundles/${id}`])
      expect([path, (await ask(stranger, 'GET', `/api/launches/${other}/${path}`)).status]).toEqual([path, 404]);
    for (const path of [`evidence/${id}`, `bundles/${id}`, 'picture?path=none.png'])
      expect([path, (await ask(stranger, 'GET', `/api/launches/${own}/${path}`)).status]).toEqual([path, 403]);
  });

  it('A36 lists hold nothing of others, whatever they are asked for', async () => {
    const theirs = stage.runs[`${own} production`]!;
    const lists = [
      '/api/runs',
      `/api/runs?launch=${own}`,
      '/api/approvals',
      '/api/events?limit=1000',
      `/api/events?run=${theirs}`,
      '/api/launches',
      '/api/home',
      '/api/dead-letters',
      '/api/audit',
    ];
    for (const list of lists) {
      const { status, body } = await ask(stranger, 'GET', list);
      const text = JSON.stringify(body);
      expect([list, status, text.includes(own), text.includes(theirs)]).toEqual([list, 200, false, false]);
    }
    // Control: the same lists have it for whoever may see it.
    for (const list of ['/api/runs', '/api/events?limit=1000', '/api/launches'])
      expect([list, JSON.stringify((await ask('lead', 'GET', list)).body).includes(own)]).toEqual([list, true]);
    const stream = await listen(
      `${stage.api.url}/api/events/stream?after=0&run=${theirs}`,
      stage.headersOf(stranger, null),
    );
    const heard = await listen(`${stage.api.url}/api/events/stream?after=0`, stage.headersOf('lead', null));
    await heard.until(1);
    expect(stream.messages).toEqual([]);
    stream.leave();
    heard.leave();
  });

  it('A36 sessions and tokens of others are neither ended nor told to be there', async () => {
    const sessions = (await ask('lead', 'GET', '/api/me/sessions')).body as { items: { id: string }[] };
    const id = sessions.items[0]!.id;
    const none = await ask(stranger, 'DELETE', '/api/me/sessions/no-such-session');
    const theirs = await ask(stranger, 'DELETE', `/api/me/sessions/${id}`);
    expect([theirs.status, theirs.body]).toEqual([none.status, none.body]);
    expect((await ask('lead', 'GET', '/api/me/sessions')).status).toBe(200);
    const tokens = (await ask('lead', 'GET', '/api/me/tokens')).body as { items: { id: string }[] };
    const token = await ask(stranger, 'DELETE', `/api/me/tokens/${tokens.items[0]!.id}`);
    expect(token.body).toEqual({ ended: 0 });
    expect((await ask('token with every scope', 'GET', `/api/launches/${own}`)).status).toBe(200);
    expect((await ask('admin of this launch', 'DELETE', `/api/sessions/${id}`)).status).toBe(403);
  });

  it('S9 rights are ended by an admin of their place alone', async () => {
    const grants = (await ask('lead', 'GET', `/api/launches/${own}/grants`)).body as {
      items: { id: string; role: string; environment: string; holder: { id: string } }[];
    };
    const grant = grants.items.find(
      ({ holder, environment }) => holder.id === 'viola' && environment === 'production',
    )!;
    const wish = { grant: grant.id, holder: null, environment: null, reason: 'the test says so' };
    const end = `/api/launches/${own}/grants/end`;
    for (const name of [
      'viewer',
      'operator',
      'approver',
      'lead',
      'lead of staging',
      'admin of staging',
      stranger,
      'person without a right',
    ]) {
      const answer = await ask(name, 'POST', end, wish);
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 403, 'permission_denied']);
    }
    expect((await ask('viewer', 'GET', `/api/launches/${own}`)).status).toBe(200);
    expect((await ask('admin of this launch', 'POST', end, wish)).status).toBe(200);
    await expect
      .poll(async () => (await ask('viewer', 'GET', `/api/launches/${own}`)).status, { timeout: 60_000 })
      .toBe(403);
    expect(stage.api.trouble).toEqual([]);
  });
});
