import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

interface GatePage {
  subjectSha256: string;
  rights: string[];
  criteria: { id: string; human: boolean; waivable: boolean }[];
  roll: { quorum: number; seats: { role: string | null; people: string[] }[] };
  poll: { state: string; openedBy: string; closedBy: string | null } | null;
}

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const gate = '/api/launches/shop-cutover/gates/ready';
const readGate = async (person = 'alice'): Promise<GatePage> => (await api.send(person, 'GET', gate)).body as GatePage;
const call = async (person: string, headers: Record<string, string> = {}): Promise<Answer> =>
  api.send(person, 'POST', `${gate}/poll`, {
    body: { seen: (await readGate()).subjectSha256, seconds: 300 },
    headers,
  });
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

describe('polls over HTTP', () => {
  it('O21 a gate names its seats with who may take them, and what the caller may do', async () => {
    const page = await readGate();
    expect(page.roll.quorum).toBe(2);
    expect(page.roll.seats.map(({ role, people }) => [role, people])).toEqual([
      ['lead', ['alice', 'bob']],
      ['operator', ['carol']],
    ]);
    expect(page.rights).toContain('poll.call');
    expect((await readGate('erin')).rights).not.toContain('poll.call');
    expect(page.criteria.find(({ id }) => id === 'day-of-work')).toMatchObject({ human: true });
  });

  it('A28 a poll about an older decision is not called', async () => {
    const body = { seen: '0'.repeat(64), seconds: 300 };
    const stale = await api.send('alice', 'POST', `${gate}/poll`, { body });
    expect([stale.status, codeOf(stale)]).toEqual([409, 'version_conflict']);
  });

  it('O05 those who do not lead, strangers and nobody call none', async () => {
    const seen = (await readGate()).subjectSha256;
    const ask = async (person: string | null) =>
      (await api.send(person, 'POST', `${gate}/poll`, { body: { seen, seconds: 300 } })).status;
    expect([await ask('carol'), await ask('mallory'), await ask(null)]).toEqual([403, 403, 401]);
    expect((await readGate()).poll).toBeNull();
  });

  it('A39 called twice it is one poll; it goes stale with what it is about, and gives way to the next', async () => {
    const headers = { 'idempotency-key': 'poll-of-alice-1' };
    const first = await call('alice', headers);
    expect([first.status, (await call('alice', headers)).status]).toEqual([201, 201]);
    const again = await call('bob');
    expect([again.status, codeOf(again)]).toEqual([409, 'poll_refused']);
    expect((await readGate()).poll).toMatchObject({ state: 'open', openedBy: 'alice' });
    const file = join(api.launch.directory, 'launch.md');
    writeFileSync(file, readFileSync(file, 'utf8').replace('| 4 | 5 |', '| 5 | 5 |'));
    await expect.poll(async () => (await readGate()).poll?.state, { timeout: 60_000 }).toBe('stale');
    expect((await call('bob')).status).toBe(201);
    expect((await readGate()).poll).toMatchObject({ state: 'open', openedBy: 'bob' });
  });

  it('a poll is ended by those who lead, once', async () => {
    expect((await api.send('carol', 'DELETE', `${gate}/poll`)).status).toBe(403);
    expect((await api.send('alice', 'DELETE', `${gate}/poll`)).body).toMatchObject({
      state: 'closed',
      closedBy: 'alice',
    });
    const again = await api.send('alice', 'DELETE', `${gate}/poll`);
    expect([again.status, codeOf(again)]).toEqual([409, 'poll_refused']);
    expect(api.trouble).toEqual([]);
  });

  it('O35 the outlook says how long the way back takes, or why nobody knows', async () => {
    const { status, body } = await api.send('alice', 'GET', '/api/launches/shop-cutover/outlook');
    expect(status).toBe(200);
    const outlook = body as { run: null; wayBack: { procedure: string; forecast: { p90Ms: null; gaps: unknown[] } }[] };
    expect(outlook.run).toBeNull();
    expect(outlook.wayBack[0]).toMatchObject({ procedure: 'runbook', forecast: { p90Ms: null } });
    expect(outlook.wayBack[0]!.forecast.gaps.length).toBeGreaterThan(0);
    expect((await api.send('mallory', 'GET', '/api/launches/shop-cutover/outlook')).status).toBe(403);
  });
});
