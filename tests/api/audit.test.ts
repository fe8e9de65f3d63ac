import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AccessRole } from '../../src/core/access/permission.ts';
import { giveGrant } from '../../src/engine/access/give-grant.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
const base = '/api/launches/shop-cutover';
const audit = (query = '', person: string | null = 'alice'): Promise<Answer> =>
  api.send(person, 'GET', `/api/audit${query}`);
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

interface Line {
  id: string;
  kind: string;
  at: string;
  environment: string | null;
  person: string | null;
  what: string;
  outcome: string | null;
  subjects: { kind: string; id: string }[];
  reason: string;
  entry: string | null;
}
interface Page {
  items: Line[];
  next: string | null;
}
const linesOf = async (query: string, person = 'alice'): Promise<Line[]> =>
  ((await audit(query, person)).body as Page).items;

/** The first admin is one in every environment. */
async function give(id: string, role: AccessRole, environment: string, giver: string | null = 'dave'): Promise<void> {
  const { launch } = await loadPlan(api.launch.directory, { checks: checkReaders, steps: stepReaders });
  const holder = { kind: 'person', id } as const;
  const rest = { expiresAt: null, delegates: null, breakGlass: false };
  await giveGrant(api.store, launch, { holder, role, environment, reason: 'installed it', giver, ...rest });
}

/** A right to look is believed for a second. */
async function untilLetIn(person: string): Promise<void> {
  await expect.poll(async () => (await audit('', person)).status, { timeout: 60_000 }).toBe(200);
}

beforeAll(async () => {
  api = await openTestApi();
  // Two people without a role: what they may, they were given.
  const file = join(api.launch.directory, 'launch.md');
  const more = ['  frank: { name: Frank Sole }', '  grace: { name: Grace Vidal }', '  erin:'].join('\n');
  writeFileSync(file, readFileSync(file, 'utf8').replace('  erin:', more));
  await give('dave', 'admin', 'production', null);
  await api.send('dave', 'POST', `${base}/checks`, { body: { only: ['smoke'] } });
  await api.send('erin', 'PUT', `${base}/document`, { body: { path: 'launch.md', text: 'x', expectedVersion: 'y' } });
  await api.send('alice', 'POST', `${base}/gates/ready/decisions`, { body: {} });
});
afterAll(() => api.close());

describe('the audit over HTTP', () => {
  it('T15 tells who did what, when, and on what evidence, in one list by time', async () => {
    const all = await linesOf('?limit=500');
    const kinds = new Set(all.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(['access', 'grant', 'log']);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    expect(all.find(({ kind, person }) => kind === 'access' && person === 'erin')).toMatchObject({
      what: 'document.edit',
      outcome: 'refused',
    });
    expect(all.find(({ what }) => what === 'decision')).toMatchObject({
      outcome: 'no-go',
      subjects: [{ kind: 'gate', id: 'ready' }],
      entry: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
    expect(all.filter(({ kind }) => kind === 'grant').every(({ reason }) => reason === 'installed it')).toBe(true);
  });

  it('T15 answers about one thing: a criterion leads to its evidence, a grant to who gave it', async () => {
    await expect.poll(() => linesOf('/for?subject=criterion:smoke'), { timeout: 60_000 }).not.toEqual([]);
    const [evidence] = await linesOf('/for?launch=shop-cutover&subject=criterion:smoke');
    expect(evidence).toMatchObject({ kind: 'log', what: 'evidence', outcome: 'unknown' });
    expect((await api.send('alice', 'GET', `${base}/evidence/${evidence!.entry}`)).status).toBe(200);
    const [grant] = await linesOf('?kind=grant');
    const [given] = await linesOf(`/for?subject=grant:${encodeURIComponent(grant!.subjects[0]!.id)}`);
    expect(given).toEqual(grant);
    expect(await linesOf('/for?subject=criterion:nowhere')).toEqual([]);
    expect(codeOf(await audit('/for?subject=nonsense'))).toBe('request_invalid');
  });

  it('T15 is narrowed by kind, person and outcome, and read page by page without a gap or a double', async () => {
    expect((await linesOf('?outcome=refused')).every(({ outcome }) => outcome === 'refused')).toBe(true);
    expect((await linesOf('?person=erin')).map(({ person }) => person)).toContain('erin');
    const whole = (await linesOf('?limit=500&kind=access')).map(({ id }) => id);
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = (await audit(`?limit=2&kind=access${cursor === '' ? '' : `&cursor=${cursor}`}`)).body as Page;
      walked.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(walked.length).toBeGreaterThan(2);
    expect(walked).toEqual(whole.filter((id) => walked.includes(id)));
    expect(new Set(walked).size).toBe(walked.length);
    expect(codeOf(await audit('?cursor=WyJ4Il0'))).toBe('request_invalid');
    expect(codeOf(await audit(`?kind=${encodeURIComponent("x' or 1=1 --")}`))).toBe('request_invalid');
    expect(await linesOf(`?person=${encodeURIComponent("x' or '1'='1")}`)).toEqual([]);
  });

  it('S9 whoever may see the audit of staging sees what was done there, and nothing of production or of all environments', async () => {
    await give('frank', 'operator', 'staging');
    await untilLetIn('frank');
    await api.send('frank', 'POST', `${base}/checks`, { body: { only: ['smoke'] } });
    await api.send('frank', 'POST', `${base}/waivers/prepare?environment=staging`, { body: {} });
    const environmentsOf = async (person: string): Promise<Set<string | null>> =>
      new Set((await linesOf('?limit=500', person)).map(({ environment }) => environment));
    expect(await environmentsOf('frank')).toEqual(new Set(['staging']));
    expect(await environmentsOf('alice')).toEqual(new Set(['staging', 'production']));
    expect(await linesOf('/for?subject=criterion:smoke', 'frank')).toEqual([]);
  });

  it('T15 who sealed a decision is in the audit with the gate, and whoever may only look seals none', async () => {
    const sealing = (await linesOf('?kind=access&person=alice')).filter(({ what }) => what === 'check.run');
    expect(sealing[0]).toMatchObject({
      outcome: 'allowed',
      subjects: [{ kind: 'subject', id: 'ready' }, { kind: 'person' }],
    });
    const entries = (await linesOf('?kind=log')).length;
    await give('grace', 'approver', 'production');
    await untilLetIn('grace');
    const refused = await api.send('grace', 'POST', `${base}/gates/ready/decisions`, { body: {} });
    expect([refused.status, codeOf(refused)]).toEqual([403, 'permission_denied']);
    expect((await linesOf('?kind=access&person=grace&outcome=refused')).map(({ what }) => what)).toContain('check.run');
    expect(await linesOf('?kind=log')).toHaveLength(entries);
  });

  it('S9 what happened to accounts is seen by whoever manages them everywhere, and by nobody else', async () => {
    expect((await linesOf('?kind=identity', 'dave')).length).toBeGreaterThan(0);
    expect(await linesOf('?kind=identity', 'alice')).toEqual([]);
    expect((await linesOf('?limit=500', 'alice')).some(({ kind }) => kind === 'identity')).toBe(false);
  });

  it('S9 nobody and strangers see nothing; what is unknown is refused', async () => {
    expect((await audit('', null)).status).toBe(401);
    expect((await audit('', 'mallory')).status).toBe(403);
    expect(codeOf(await audit('?tenant=1'))).toBe('request_invalid');
    expect(api.trouble).toEqual([]);
  });
});
