import { sha256Hex } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { approvalFault } from '../../src/core/procedure/authority.ts';
import { breakGlass } from '../../src/engine/access/break-glass.ts';
import { giveGrant } from '../../src/engine/access/give-grant.ts';
import type { GrantWish } from '../../src/engine/access/give-grant.ts';
import { permitPerson } from '../../src/engine/access/permit-person.ts';
import { revokeGrants } from '../../src/engine/access/revoke-grants.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ask, newScene, newStageLaunch, newStageRun, nowOf, permit, say, sayNoGo } from './stage.ts';

let database: TestDatabase;
let store: Store;
const scene = newScene();

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  await giveGrant(store, scene.launch, wish({ holder: { kind: 'person', id: 'ada' }, role: 'admin', giver: null }));
  await giveGrant(store, scene.launch, wish({ holder: { kind: 'person', id: 'zoe' }, role: 'admin' }));
});
afterAll(() => database.drop());

function wish(patch: Partial<GrantWish>): GrantWish {
  const about = { holder: { kind: 'person', id: 'dave' }, role: 'operator', environment: 'production' } as const;
  return { ...about, giver: 'ada', expiresAt: null, delegates: null, breakGlass: false, reason: 'a test', ...patch };
}

const revoke = (grant: string) =>
  revokeGrants(store, scene.launch, { grant, holder: null, environment: null, by: 'ada', reason: 'left the team' });

describe('the last question before an effect', () => {
  it('D11 a step of production without an approval is refused, with one it is permitted', async () => {
    const run = newStageRun();
    expect(await permit(store, scene, run)).toMatchObject({
      permitted: false,
      reasons: ['level 1 wants an approval for this plan and candidate, and there is none'],
    });
    const request = await ask(store, scene, run);
    expect(await permit(store, scene, run)).toMatchObject({
      permitted: false,
      reasons: [expect.stringContaining('got 0')],
    });
    await say(store, scene, 'alice', request.id);
    expect(await permit(store, scene, run)).toEqual({
      permitted: true,
      exception: false,
      reasons: [],
      request: request.id,
    });
  });

  it('O05 a permission that was removed after queueing stops the step at once, also one that the document gives', async () => {
    const run = newStageRun();
    const request = await ask(store, scene, run, { executors: ['robot'] });
    await say(store, scene, 'alice', request.id);
    expect((await permit(store, scene, run, { actor: 'robot' })).permitted).toBe(true);
    await revoke('document/operator/robot/production');
    const after = await permit(store, scene, run, { actor: 'robot' });
    expect(after.permitted).toBe(false);
    expect(after.reasons[0]).toContain('grant document/operator/robot/production was revoked');
    await giveGrant(store, scene.launch, wish({ holder: { kind: 'person', id: 'robot' } }));
    expect((await permit(store, scene, run, { actor: 'robot' })).permitted).toBe(true);
  });

  it('O05 an environment that is unknown, or not the one of the plan, is refused whoever asks', async () => {
    const run = newStageRun({}, { id: 'moon', production: false });
    expect(await permit(store, scene, run, { environment: 'moon' })).toMatchObject({
      permitted: false,
      reasons: ['the environment moon is not declared in the launch'],
    });
    const staged = newStageRun({}, { id: 'staging', production: false });
    expect((await permit(store, scene, staged, { environment: 'staging' })).permitted).toBe(true);
    expect((await permit(store, scene, staged, { environment: 'production' })).permitted).toBe(false);
    expect((await permit(store, scene, staged, { environment: 'mirror' })).reasons).toEqual([
      'the plan is for the environment staging, not for mirror',
    ]);
    const twice = newStageLaunch();
    const doubled = newScene({ ...twice, environments: [...twice.environments, twice.environments[1]!] }, 'staging');
    expect((await permit(store, doubled, staged)).permitted).toBe(false);
  });

  it('O05 nobody is allowed whom the document does not put into a role: deny by default', async () => {
    const staged = newStageRun({}, { id: 'staging', production: false });
    const inStaging = newScene(scene.launch, 'staging');
    const asked = ['zoe', 'ada', 'nobody', 'alice-phone', '', '__proto__', 'carol', 'robot', 'alice', 'dave'];
    const permitted: string[] = [];
    for (const actor of asked) if ((await permit(store, inStaging, staged, { actor })).permitted) permitted.push(actor);
    expect(permitted).toEqual(['carol', 'robot', 'alice', 'dave']);
  });

  it('D11 an environment that has become production since the run was planned wants an approval', async () => {
    const run = newStageRun({}, { id: 'production', production: false });
    expect((await permit(store, scene, run)).permitted).toBe(false);
  });

  it('O02 an approval of another plan, of another candidate, of a lower level, or that has expired is none', async () => {
    const run = newStageRun();
    const request = await ask(store, scene, run);
    await say(store, scene, 'alice', request.id);
    const expired = Date.parse(request.expiresAt);
    expect((await permit(store, scene, run, { nowMs: expired - 1 })).permitted).toBe(true);
    expect((await permit(store, scene, run, { nowMs: expired })).permitted).toBe(false);
    expect((await permit(store, scene, run, { candidateSha256: sha256Hex('next') })).permitted).toBe(false);
    const replanned = { ...run, plan: { ...run.plan, planHash: sha256Hex('edited') } };
    expect((await permit(store, scene, replanned)).permitted).toBe(false);
    const irreversible = newStageRun({ reversible: false });
    expect((await permit(store, scene, { ...irreversible, id: run.id })).reasons[0]).toContain('level 2 wants');
  });

  it('O02 a no-go stops an approved run before its next step', async () => {
    const run = newStageRun();
    const request = await ask(store, scene, run);
    await say(store, scene, 'alice', request.id);
    expect((await permit(store, scene, run)).permitted).toBe(true);
    await sayNoGo(store, scene, 'bob', request.id);
    expect(await permit(store, scene, run)).toMatchObject({
      permitted: false,
      reasons: [expect.stringContaining('bob says no-go')],
    });
  });

  it('D11 a step runs only for an account that the approvers were told of', async () => {
    const run = newStageRun();
    const request = await ask(store, scene, run);
    await say(store, scene, 'alice', request.id);
    expect((await permit(store, scene, run, { actor: 'dave' })).reasons).toEqual([
      'dave is not among those who were to carry it out',
    ]);
  });

  it('D11 the way back goes on when the approval ended by itself in the middle, and not without one, nor for whoever lost the right', async () => {
    const run = newStageRun();
    const back = { step: 'switch-back', part: 'undo' } as const;
    const undone = { ...run, plan: { ...run.plan, undoSteps: [{ ...run.plan.steps[0]!, id: 'switch-back' }] } };
    expect((await permit(store, scene, undone, back)).permitted).toBe(false);
    const request = await ask(store, scene, run);
    await say(store, scene, 'alice', request.id);
    const nowMs = Date.parse(request.expiresAt) + 60_000;
    expect((await permit(store, scene, undone, { nowMs })).permitted).toBe(false);
    expect((await permit(store, scene, undone, { ...back, nowMs })).permitted).toBe(true);
    expect((await permit(store, scene, undone, { ...back, nowMs, actor: 'zoe' })).permitted).toBe(false);
    const crossed = { ...undone, returnPoint: { state: 'crossed', by: 'x', atMs: 1, announced: true } } as const;
    expect((await permit(store, scene, crossed, back)).reasons[0]).toContain('level 2 wants');
  });

  it('O05 writes every answer down, allowed or refused, and those about looking at something not', async () => {
    const run = newStageRun();
    await permit(store, scene, run);
    const about = { environment: 'production', nowMs: await nowOf(store), run: run.id };
    await permitPerson(store, scene.launch, { person: 'alice', permission: 'run.hold', ...about });
    await permitPerson(store, scene.launch, { person: 'zoe', permission: 'run.start', ...about });
    await permitPerson(store, scene.launch, { person: 'alice', permission: 'run.view', ...about });
    const { rows } = await store.database.pool.query(
      'select actor, permission, subject, allowed, reason from tminus.access_decision where run = $1 order by id',
      [run.id],
    );
    expect(rows).toMatchObject([
      {
        actor: 'carol',
        permission: 'step.run',
        subject: 'switch',
        allowed: false,
        reason: expect.stringContaining('level 1'),
      },
      {
        actor: 'alice',
        permission: 'run.hold',
        allowed: true,
        reason: expect.stringContaining('document/approver/alice'),
      },
      { actor: 'zoe', permission: 'run.start', allowed: false, reason: expect.stringContaining('no grant gives zoe') },
    ]);
    for (const change of ['update tminus.access_decision set allowed = true', 'delete from tminus.access_grant'])
      await expect(store.database.pool.query(change)).rejects.toThrow('expected rows only to be added');
  });

  it('D11 takes two statements, which the connection is taken for', async () => {
    const run = newStageRun();
    const request = await ask(store, scene, run);
    for (const person of ['alice', 'bob', 'alice', 'bob']) await say(store, scene, person, request.id);
    const nowMs = await nowOf(store);
    let statements = 0;
    const count = (): void => void (statements += 1);
    store.database.pool.on('acquire', count);
    for (let times = 0; times < 20; times += 1)
      expect((await permit(store, scene, run, { nowMs })).permitted).toBe(true);
    store.database.pool.off('acquire', count);
    // `permit` of the stage reads the clock first.
    expect(statements).toBe(60);
  });
});

describe('a broken glass', () => {
  const minutes = async (count: number) => new Date((await nowOf(store)) + count * 60_000).toISOString();

  it('A29 lets a run go on without an approval, for its time, as an exception that is written down', async () => {
    const run = newStageRun();
    const expiresAt = await minutes(59);
    const holder = { kind: 'person', id: 'bob' } as const;
    const reason = 'the shop is down and nobody else can be reached';
    const alone = wish({ holder, giver: 'bob', breakGlass: true, expiresAt, reason });
    await expect(giveGrant(store, scene.launch, { ...alone, expiresAt: await minutes(61) })).rejects.toMatchObject({
      code: 'grant_refused',
      message: expect.stringContaining('lasts longer than 1h'),
    });
    expect((await permit(store, scene, run, { actor: 'bob' })).permitted).toBe(false);
    await giveGrant(store, scene.launch, alone);
    const permitted = await permit(store, scene, run, { actor: 'bob' });
    expect(permitted).toMatchObject({ permitted: true, exception: true, request: null });
    expect(permitted.reasons.join()).toContain(reason);
    expect((await permit(store, scene, run, { actor: 'bob', nowMs: Date.parse(expiresAt) })).permitted).toBe(false);
    const reference = await breakGlass(store, scene.launch, { run, person: 'bob', nowMs: await nowOf(store) });
    expect(approvalFault(run, reference, 1, await nowOf(store))).toBeNull();
    const told = { ...run, approval: reference };
    expect(await permit(store, scene, told)).toMatchObject({ permitted: true, exception: true });
    expect((await permit(store, scene, told, { nowMs: Date.parse(expiresAt) })).permitted).toBe(false);
    const other = { run, person: 'alice', nowMs: await nowOf(store) };
    await expect(breakGlass(store, scene.launch, other)).rejects.toMatchObject({ code: 'permission_denied' });
    const { rows } = await store.database.pool.query(
      'select exception, allowed from tminus.access_decision where run = $1 and allowed',
      [run.id],
    );
    expect(rows).toHaveLength(3);
    expect(rows.every(({ exception }) => exception)).toBe(true);
  });

  it('A29 is for whoever is lead or admin there, or has one behind them, and for no automation', async () => {
    const expiresAt = await minutes(30);
    const carol = wish({ holder: { kind: 'person', id: 'carol' }, giver: 'carol', breakGlass: true, expiresAt });
    await expect(giveGrant(store, scene.launch, carol)).rejects.toMatchObject({ code: 'permission_denied' });
    const [grant] = await giveGrant(store, scene.launch, { ...carol, giver: 'alice', expiresAt: await minutes(239) });
    expect(grant).toMatchObject({ breakGlass: { confirmedBy: 'alice' } });
    const robot = { ...carol, giver: 'alice', holder: { kind: 'person', id: 'robot' } } as const;
    await giveGrant(store, scene.launch, robot);
    expect((await permit(store, scene, newStageRun(), { actor: 'robot' })).permitted).toBe(false);
  });
});
