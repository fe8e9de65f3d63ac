import { sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

interface Item {
  key: string;
  lane: string;
  title: string;
  why: string;
  next: string;
  mine: boolean;
  who: string[];
  place: { environment?: string };
}
interface Home {
  items: Item[];
  lanes: { lane: string; count: number; unavailable: { kind: string; trouble: string }[] }[];
  notices: { key: string; kind: string; title: string; dismissed: boolean }[];
  sources: { kind: string; trouble: string | null }[];
}

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const readHome = async (person: string): Promise<Home> => {
  const { status, body } = await api.send(person, 'GET', '/api/home');
  expect(status).toBe(200);
  return body as Home;
};
const laneOf = (home: Home, lane: string) => home.lanes.find((one) => one.lane === lane)!;

/** A vote as a browser with the key file of that person casts it. */
async function signedVote(person: string, vote: 'go' | 'no-go'): Promise<Answer> {
  const gate = '/api/launches/shop-cutover/gates/ready';
  const { subjectSha256 } = (await api.send(person, 'GET', gate)).body as { subjectSha256: string };
  const prepared = await api.send(person, 'POST', `${gate}/votes/prepare`, {
    body: { vote, comment: 'seen', seen: subjectSha256 },
  });
  const { canonical, key } = prepared.body as { canonical: string; key: string };
  const value = sign(null, Buffer.from(canonical), api.launch.people[person]!.privateKeyPem).toString('base64');
  const body = { format: 'tminus/signed/1', statement: JSON.parse(canonical), signature: { person, key, value } };
  return api.send(person, 'POST', `${gate}/votes`, { body });
}

describe('Home over HTTP', () => {
  it('D13 carol has her word to give and her checks to run, dave has his, and what is of the other only waits', async () => {
    const [carol, dave] = [await readHome('carol'), await readHome('dave')];
    const word = carol.items.find(({ key }) => key.includes(' day-of-work '));
    expect(word).toMatchObject({ lane: 'missing-proof', next: 'attest', mine: true, who: ['carol'] });
    expect(dave.items.find(({ key }) => key.includes(' day-of-work '))).toMatchObject({ lane: 'waiting', mine: false });
    const own = dave.items.filter(({ lane }) => lane === 'today').map(({ next }) => next);
    expect(own.length).toBeGreaterThan(3);
    expect(new Set(own)).toEqual(new Set(['run-check']));
    const keys = carol.items.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(carol.sources.every(({ trouble }) => trouble === null)).toBe(true);
    expect(new Set(carol.sources.map(({ kind }) => kind)).size).toBe(5);
  });

  it('D13 votes wait for what comes before them, and a poll calls them at once', async () => {
    const before = await readHome('alice');
    expect(before.items.find(({ key }) => key.startsWith('vote ') && key.includes(' lead '))).toMatchObject({
      lane: 'waiting',
      next: 'wait',
    });
    const gate = '/api/launches/shop-cutover/gates/ready';
    const { subjectSha256 } = (await api.send('alice', 'GET', gate)).body as { subjectSha256: string };
    const called = await api.send('alice', 'POST', `${gate}/poll`, { body: { seen: subjectSha256, seconds: 600 } });
    expect(called.status).toBe(201);
    const after = await readHome('alice');
    expect(after.items.find(({ key }) => key.startsWith('vote ') && key.includes(' lead '))).toMatchObject({
      lane: 'approval',
      next: 'vote',
    });
  });

  it('A28 a vote that a change of the documents made void is asked for again, with why', async () => {
    expect((await signedVote('bob', 'go')).status).toBe(201);
    const gone = (await readHome('bob')).items.filter(
      ({ key }) => key.startsWith('vote shop-cutover production ') && key.includes(' lead '),
    );
    expect(gone).toEqual([]);
    const file = join(api.launch.directory, 'launch.md');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('| 4 | 5 |', '| 5 | 5 |'));
    await expect
      .poll(async () => (await readHome('bob')).items.find(({ why }) => why.includes('does not count')), {
        timeout: 60_000,
      })
      .toMatchObject({
        why: expect.stringMatching(/plan has changed/) as unknown,
      });
    writeFileSync(file, text);
  });

  it('D14 one source that is gone is named, its lane is no zero, and the others work', async () => {
    await sql`alter table tminus.alarm rename to alarm_gone`.execute(api.store.tables);
    const home = await readHome('carol');
    await sql`alter table tminus.alarm_gone rename to alarm`.execute(api.store.tables);
    expect(laneOf(home, 'at-risk').unavailable).toMatchObject([{ kind: 'alarms' }]);
    expect(laneOf(home, 'missing-proof')).toMatchObject({ count: 2, unavailable: [] });
    expect(api.trouble.splice(0)).toHaveLength(1);
    expect(laneOf(await readHome('carol'), 'at-risk').unavailable).toEqual([]);
  });

  it('D13 every environment that somebody may see is looked at, and says which it is; without one the others stand', async () => {
    const words = (await readHome('carol')).items.filter(({ key }) => key.includes(' day-of-work '));
    expect(new Map(words.map(({ place, title }) => [place.environment, title.endsWith('(staging)')]))).toEqual(
      new Map([
        ['production', false],
        ['staging', true],
      ]),
    );
    const file = join(api.launch.directory, 'launch.md');
    const text = readFileSync(file, 'utf8');
    // A candidate without an address: nothing can be decided about staging.
    writeFileSync(file, text.replace(/(staging:\n {4})url: \S+\n {4}/u, '$1'));
    await expect
      .poll(async () => (await readHome('carol')).sources.find(({ kind }) => kind === 'gates')?.trouble, {
        timeout: 60_000,
      })
      .toContain('url');
    const left = (await readHome('carol')).items.filter(({ key }) => key.includes(' day-of-work '));
    expect(left.map(({ place }) => place.environment)).toEqual(['production']);
    writeFileSync(file, text);
    await expect
      .poll(async () => (await readHome('carol')).sources.find(({ kind }) => kind === 'gates')?.trouble, {
        timeout: 60_000,
      })
      .toBeNull();
  });

  it('D14 where runs did not answer, approvals of runs are unknown, too, and none', async () => {
    await sql`alter table tminus.step_run rename to step_run_gone`.execute(api.store.tables);
    const home = await readHome('carol');
    await sql`alter table tminus.step_run_gone rename to step_run`.execute(api.store.tables);
    expect(laneOf(home, 'approval').unavailable.map(({ kind }) => kind)).toContain('approvals');
    expect(home.sources.find(({ kind }) => kind === 'gates')?.trouble).toBeNull();
    expect(api.trouble.splice(0).length).toBeGreaterThan(0);
  });

  it('D14 of more than a thousand open runs the newest are looked at, and Home says that these are not all', async () => {
    const plan = `/api/launches/shop-cutover/procedures/runbook/plan?environment=staging`;
    const { version } = (await api.send('alice', 'GET', plan)).body as { version: string };
    const body = { procedure: 'runbook', expectedVersion: version, reason: 'to see it on Home' };
    const ordered = await api.send('alice', 'POST', '/api/launches/shop-cutover/runs?environment=staging', { body });
    expect(ordered.status).toBe(201);
    expect((await readHome('carol')).sources.filter(({ trouble }) => trouble !== null)).toEqual([]);
    await sql`
      insert into tminus.run select (jsonb_populate_record(r, jsonb_build_object('id', 'run-' || n, 'key', null,
        'body', r.body || jsonb_build_object('id', 'run-' || n)))).* from tminus.run r, generate_series(1, 1000) n`.execute(
      api.store.tables,
    );
    const cut = (await readHome('carol')).sources.filter(({ trouble }) => trouble !== null);
    expect(cut.map(({ kind }) => kind).toSorted()).toEqual(['approvals', 'runs']);
    expect(cut[0]?.trouble).toContain('expected at most 1000, got more');
  });

  it('D20 the same scan twice tells the same; put away twice it is away once, and its task still stands', async () => {
    const [first, second] = [await readHome('carol'), await readHome('carol')];
    expect(second.notices.map(({ key }) => key)).toEqual(first.notices.map(({ key }) => key));
    const missing = first.notices.find(
      ({ kind, key }) => kind === 'missing-evidence' && key.includes(' day-of-work '),
    )!;
    expect(missing.dismissed).toBe(false);
    const body = { notices: [missing.key] };
    for (let time = 0; time < 2; time += 1)
      expect((await api.send('carol', 'POST', '/api/home/notices/dismiss', { body })).status).toBe(200);
    const after = await readHome('carol');
    expect(after.notices.find(({ key }) => key === missing.key)?.dismissed).toBe(true);
    expect(after.items.some(({ title, lane }) => title === missing.title && lane === 'missing-proof')).toBe(true);
    const other = await readHome('erin');
    expect(other.notices.every(({ dismissed }) => !dismissed)).toBe(true);
  });

  it('D11 nobody and strangers see nothing, and bodies are strict', async () => {
    expect((await api.send(null, 'GET', '/api/home')).status).toBe(401);
    expect((await api.send('mallory', 'GET', '/api/home')).status).toBe(403);
    expect((await api.send('mallory', 'POST', '/api/home/notices/dismiss', { body: { notices: ['x'] } })).status).toBe(
      403,
    );
    expect((await api.send('carol', 'POST', '/api/home/notices/dismiss', { body: { notices: [] } })).status).toBe(400);
    expect(api.trouble).toEqual([]);
  });
});
