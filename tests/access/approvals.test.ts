import { sha256Hex } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { assessRequest } from '../../src/engine/access/assess-request.ts';
import { issueToken, redeemToken } from '../../src/engine/access/action-tokens.ts';
import { giveGrant } from '../../src/engine/access/give-grant.ts';
import type { GrantWish } from '../../src/engine/access/give-grant.ts';
import { revokeGrants } from '../../src/engine/access/revoke-grants.ts';
import { writeGroup } from '../../src/engine/access/write-group.ts';
import { approvalFault } from '../../src/core/procedure/authority.ts';
import { readLog } from '../../src/engine/read-log.ts';
import type { Store } from '../../src/store/open-store.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ask, candidateSha256, newScene, newStageLaunch, newStageRun, nowOf, permit, planHash, say } from './stage.ts';

let database: TestDatabase;
let store: Store;
const scene = newScene();

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterAll(() => database.drop());

const irreversible = {
  action: { id: 'runbook', kind: 'run', reversible: false, destructive: false },
  level: 2,
} as const;

function wish(patch: Partial<GrantWish>): GrantWish {
  const about = { holder: { kind: 'person', id: 'dave' }, role: 'operator', environment: 'production' } as const;
  return { ...about, giver: 'ada', expiresAt: null, delegates: null, breakGlass: false, reason: 'a test', ...patch };
}

describe('the first admin', () => {
  it('O05 is a declared human, named once by whoever installs; every other right wants somebody who may give it', async () => {
    const first = (id: string, role: 'admin' | 'lead' = 'admin') =>
      giveGrant(store, scene.launch, wish({ holder: { kind: 'person', id }, role, giver: null }));
    await expect(first('robot')).rejects.toMatchObject({ code: 'grant_refused' });
    await expect(first('mallory')).rejects.toMatchObject({ code: 'grant_refused' });
    await expect(first('ada', 'lead')).rejects.toMatchObject({ code: 'grant_refused' });
    await expect(giveGrant(store, scene.launch, wish({ giver: 'alice' }))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await first('ada');
    await expect(first('dave')).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('O05 is one of two who are named at the same time', async () => {
    const launch = newStageLaunch({ id: 'race' });
    const first = (id: string) =>
      giveGrant(store, launch, wish({ holder: { kind: 'person', id }, role: 'admin', giver: null }));
    const both = await Promise.allSettled([first('ada'), first('zoe')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('O05 gives nothing to an account of their own, and the last admin of an environment stays', async () => {
    await expect(
      giveGrant(store, scene.launch, wish({ holder: { kind: 'person', id: 'ada' }, role: 'lead' })),
    ).rejects.toMatchObject({
      code: 'grant_refused',
      message: expect.stringContaining('to themselves'),
    });
    const all = { grant: null, holder: 'ada', environment: 'staging', by: 'ada', reason: 'x' };
    await expect(revokeGrants(store, scene.launch, { ...all, by: 'alice' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(revokeGrants(store, scene.launch, all)).rejects.toMatchObject({
      message: expect.stringContaining('left without an admin'),
    });
  });

  it('O05 an admin of another environment names the first admin of one that was declared later', async () => {
    const production = scene.launch.environments[0]!;
    const later = newStageLaunch({ environments: [...scene.launch.environments, { ...production, id: 'berlin' }] });
    const berlin = { environment: 'berlin', holder: { kind: 'person', id: 'dave' } } as const;
    await expect(giveGrant(store, later, wish({ ...berlin, role: 'lead' }))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(giveGrant(store, later, wish({ ...berlin, role: 'admin', giver: 'alice' }))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await giveGrant(store, later, wish({ ...berlin, role: 'admin' }));
    await giveGrant(
      store,
      later,
      wish({ ...berlin, role: 'lead', giver: 'dave', holder: { kind: 'person', id: 'zoe' } }),
    );
  });
});

describe('an approval of a run', () => {
  it('O02 has plan, candidate, level, principal, method, reason and end, in the Merkle log, and becomes what the run is told', async () => {
    const run = newStageRun();
    const request = await ask(store, scene, run);
    const voted = await say(store, scene, 'alice', request.id);
    expect(voted.vote).toMatchObject({
      planHash,
      candidateSha256,
      request: request.id,
      person: 'alice',
      role: 'approver',
      authMethod: 'signing-key',
      principal: scene.launch.people[0]!.key,
      sourceIp: null,
      expiresAt: request.expiresAt,
    });
    const { entries } = await readLog(store, scene.launch.id);
    expect(entries[voted.index]).toMatchObject({ id: voted.id, kind: 'action-vote', entry: { statement: voted.vote } });
    expect((await verifyStoredLog(store, scene.launch.id)).state).toBe('whole');
    const nowMs = await nowOf(store);
    expect(approvalFault(run, voted.reference, 1, nowMs)).toBeNull();
    expect(approvalFault(run, voted.reference, 2, nowMs)).toMatchObject({ code: 'approval_level' });
    expect(voted.reference).toEqual({
      id: request.id,
      level: 1,
      planHash,
      approver: 'alice',
      expiresAtMs: Date.parse(request.expiresAt),
    });
    expect((await assessRequest(store, scene, request.id, Date.parse(request.expiresAt))).reference).toBeNull();
  });

  it('O02 of level 2 wants a runbook, two humans, and names what is wanted still', async () => {
    const run = newStageRun({ reversible: false });
    await expect(ask(store, scene, run, { ...irreversible, runbook: null })).rejects.toMatchObject({
      code: 'approval_refused',
      message: expect.stringContaining('wants a runbook'),
    });
    await expect(ask(store, scene, run, { ...irreversible, level: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('wants approval of level 2'),
    });
    const request = await ask(store, scene, run, irreversible);
    const half = await say(store, scene, 'alice', request.id);
    expect(half.assessment.reasons).toEqual(['level 2 wants 2 humans, got 1']);
    expect(half.reference).toBeNull();
    expect((await permit(store, scene, run)).permitted).toBe(false);
    expect((await say(store, scene, 'bob', request.id)).assessment.approved).toBe(true);
    expect((await permit(store, scene, run)).permitted).toBe(true);
  });

  it('A26 C3 the requester, the author and the executor do not vote under any account, and nothing of it is in the log', async () => {
    const run = newStageRun();
    const size = (await readLog(store, scene.launch.id)).entries.length;
    const asAlice = await ask(store, scene, run, { requester: 'alice', authors: ['Dave Ito'], executors: ['carol'] });
    await giveGrant(store, scene.launch, wish({ holder: { kind: 'person', id: 'alice-phone' }, role: 'approver' }));
    await giveGrant(store, scene.launch, wish({ role: 'approver' }));
    await giveGrant(store, scene.launch, wish({ holder: { kind: 'person', id: 'carol' }, role: 'approver' }));
    for (const [who, why] of [
      ['alice', 'asked for it'],
      ['alice-phone', 'asked for it'],
      ['dave', 'wrote the change'],
      ['carol', 'carries it out'],
    ] as const)
      await expect(say(store, scene, who, asAlice.id)).rejects.toMatchObject({
        code: 'statement_void',
        message: expect.stringContaining(why),
      });
    expect((await readLog(store, scene.launch.id)).entries).toHaveLength(size);
    expect((await say(store, scene, 'bob', asAlice.id)).assessment.approved).toBe(true);
    const { rows } = await store.database.pool.query(
      `select actor, allowed from tminus.access_decision where run = $1 and permission = 'approval.vote' order by id`,
      [run.id],
    );
    expect(rows.map(({ actor, allowed }) => [actor, allowed])).toEqual([
      ['alice', false],
      ['alice-phone', false],
      ['dave', false],
      ['carol', false],
      ['bob', true],
    ]);
  });

  it('A26 A28 a vote on the plan before an edit, or on the candidate before, does not carry over', async () => {
    const run = newStageRun();
    const request = await ask(store, scene, run);
    await say(store, scene, 'alice', request.id);
    const edited = {
      ...scene,
      planHash: sha256Hex('edited'),
      binding: { ...scene.binding, planHash: sha256Hex('edited') },
    };
    const again = await ask(store, edited, run);
    const nowMs = await nowOf(store);
    expect((await assessRequest(store, edited, again.id, nowMs)).assessment).toMatchObject({ approved: false, go: [] });
    const replanned = { ...run, plan: { ...run.plan, planHash: sha256Hex('edited') } };
    expect((await permit(store, edited, replanned)).permitted).toBe(false);
  });

  it('A27 nobody votes without the key that the launch declares, and nobody votes for whom no role allows it', async () => {
    const request = await ask(store, scene, newStageRun());
    await expect(say(store, scene, 'zoe', request.id)).rejects.toMatchObject({ code: 'statement_void' });
    await expect(say(store, scene, 'robot', request.id)).rejects.toMatchObject({ code: 'statement_void' });
    await expect(say(store, scene, 'alice', 'run-0.00000000')).rejects.toMatchObject({ code: 'approval_unknown' });
    const unknown = { authors: ['Somebody <s@example.org>'] };
    await expect(ask(store, scene, newStageRun(), unknown)).rejects.toMatchObject({ code: 'approval_refused' });
    await expect(ask(store, scene, newStageRun(), { requester: 'zoe' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('O05 an approver whose role was taken away after the vote is heard no more, as a member of a group, too', async () => {
    const run = newStageRun();
    const group = { id: 'night-shift', people: ['zoe'], by: 'ada', environment: 'production' };
    await expect(writeGroup(store, scene.launch, { ...group, by: 'alice' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await writeGroup(store, scene.launch, group);
    await giveGrant(store, scene.launch, wish({ holder: { kind: 'group', id: 'night-shift' }, role: 'approver' }));
    const request = await ask(store, scene, run);
    await say(store, scene, 'zoe', request.id);
    expect((await permit(store, scene, run)).permitted).toBe(true);
    await writeGroup(store, scene.launch, { ...group, people: ['dave'] });
    expect((await permit(store, scene, run)).permitted).toBe(false);
  });
});

describe('a token for one action', () => {
  const subject = {
    launch: 'shop',
    planHash,
    candidateSha256,
    environment: 'production',
    action: 'switch',
    payloadSha256: sha256Hex('p'),
    renderedSha256: sha256Hex('r'),
    executorBuildSha256: sha256Hex('b'),
  };

  it('D29 opens once, also for twenty who use it at the same time, and its text is in no table', async () => {
    const text = await issueToken(store, subject);
    expect(await redeemToken(store, text, { ...subject, action: 'other' })).toBe(false);
    const all = await Promise.all(Array.from({ length: 20 }, () => redeemToken(store, text, subject)));
    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await redeemToken(store, text, subject)).toBe(false);
    const { rows } = await store.database.pool.query<{ t: string }>(
      'select t::text as t from tminus.action_token t union all select d::text from tminus.access_decision d',
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter(({ t }) => t.includes(text.slice(4)))).toEqual([]);
  });
});
