import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { actOnShift } from '../../src/engine/rollout/act-on-shift.ts';
import { beginTakeBack } from '../../src/engine/rollout/begin-take-back.ts';
import { readLog } from '../../src/engine/read-log.ts';
import { findBrokenEntry } from '../../src/store/rollout-broken-entry.ts';
import type { ShiftEntry } from '../../src/store/rollout-entry.ts';
import { startHaproxy } from '../servers/start-haproxy.ts';
import { openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { startPacedLoad } from './paced-load.ts';
import type { PacedLoad } from './paced-load.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startArm } from './start-arms.ts';

const [stable, canary] = [await startArm('stable'), await startArm('canary')];
const haproxy = await startHaproxy({ stable: stable.port, canary: canary.port });
const missing = haproxy.state === 'missing' ? haproxy.reason : null;

const phase = (weight: number, more = ''): string =>
  `{ weight: ${weight}, minTime: 1s, maxTime: 10m, minRequests: 50, warmup: 0s${more} }`;
const router =
  '{ kind: haproxy, socket: haproxy.sock, backend: app, stable: stable, canary: canary, state: haproxy.state, timeout: 30s }';
const text = rolloutLaunch(
  { router, metrics: { stable: stable.metrics, canary: canary.metrics } },
  { phases: [phase(20), phase(100)], rollout: '  retry: person\n' },
);

describe.skipIf(missing !== null)(
  `a shift of traffic on HAProxy${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let stage: RolloutStage;
    let load: PacedLoad;
    beforeAll(async () => {
      if (haproxy.state !== 'started') return;
      stage = await openRolloutStage(text, haproxy.folder);
      stage.keep();
      load = startPacedLoad(haproxy.url, 400);
    });
    afterAll(async () => {
      await load?.stop();
      if (haproxy.state === 'started') await haproxy.stop();
      await stage?.drop();
      await Promise.all([stable.stop(), canary.stop()]);
    });
    const deed = async (
      id: string,
      kind: 'hold' | 'resume' | 'promote' | 'abort',
      person = 'alice',
      seen: number | null = null,
    ) => actOnShift(stage.store, (await stage.scene()).launch, id, { kind, person, reason: 'the test asks', seen });

    it('T4 a bad candidate is taken back by itself, what it was exposed to is exact, and every weight was journaled before', async () => {
      canary.failEvery(2);
      const before = canary.requests;
      const { id } = await stage.start();
      const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
      canary.failEvery(0);
      const journal = await stage.journal(id);
      expect([ended.stands, ended.state.weight.asked]).toEqual(['rolled-back', 0]);
      expect(await findBrokenEntry(stage.store, ended)).toBeNull();
      // HAProxy, Tminus and the app itself count the same.
      expect(ended.state.exposed).toEqual({ requests: canary.requests - before, exact: true });
      expect(ofKind(journal, 'verdict_changed').at(-1)?.body).toMatchObject({ to: 'FAIL' });
      expect(ofKind(journal, 'sealed').map(({ body }) => [body['phase'], body['ended']])).toEqual([['at-20', 'left']]);
      const { entries } = await readLog(stage.store, 'shop');
      const record = entries.map(({ entry }) => entry).find(({ format }) => format === 'tminus/evidence/1');
      expect(record).toMatchObject({
        criterion: 'rollout:new-shop/at-20',
        candidateSha256: ended.candidateSha256,
        facts: { last: 'left', exposed: expect.any(Number) as number, measures: { errors: { verdict: 'FAIL' } } },
        judgement: { outcome: 'fail' },
      });
      const numbers = (kind: string) => new Set(ofKind(journal, kind).map(({ body }) => body['number']));
      expect(numbers('done')).toEqual(numbers('asked'));
      // How fast that is on a quiet machine, the bench says.
      expect(fromFirstBadToZero(journal)).toBeGreaterThan(0);
    }, 180_000);

    it('R3 what was taken back is tried again by a person with a reason, and by nobody without', async () => {
      await expect(stage.start({ reason: ' ' })).rejects.toMatchObject({ code: 'rollout_refused' });
    });

    it('O26 only who may start, and only one shift of a router at a time', async () => {
      await expect(stage.start({ person: 'bob' })).rejects.toMatchObject({ code: 'permission_denied' });
      const { id } = await stage.start();
      await expect(stage.start()).rejects.toMatchObject({ code: 'rollout_refused' });
      await stage.until(id, ({ stands }) => stands === 'watching');
      const held = await deed(id, 'hold');
      expect(held.stands).toBe('held');
      await expect(deed(id, 'resume', 'alice', held.version - 1)).rejects.toMatchObject({ code: 'version_conflict' });
      await expect(deed(id, 'promote', 'otto')).rejects.toMatchObject({ code: 'permission_denied' });
      // Held is watched: the weight stays, and looks go on.
      await stage.until(id, ({ entries }) => entries > held.entries);
      const ended = await stage.until((await deed(id, 'abort', 'otto')).id, ({ endedAt }) => endedAt !== null);
      expect([ended.stands, ended.state.weight.asked]).toEqual(['aborted', 0]);
      await expect(deed(id, 'resume')).rejects.toMatchObject({ code: 'rollout_refused' });
    }, 180_000);

    it('O26 a weight that somebody else changes is seen, and set again', async () => {
      if (haproxy.state !== 'started') return;
      const { id } = await stage.start();
      await stage.until(id, ({ stands }) => stands === 'watching');
      await haproxy.ask('set weight app/canary 60');
      const isDrift = async (): Promise<boolean> => ofKind(await stage.journal(id), 'weight_drifted').length > 0;
      while (!(await isDrift())) await pause(50);
      await stage.until(id, ({ state }) => state.routers[0]?.weight === 20);
      expect(ofKind(await stage.journal(id), 'weight_drifted')[0]?.body).toMatchObject({
        router: 'edge',
        expected: 20,
      });
      // Whether it is open or ended, one word takes the traffic back.
      const back = await beginTakeBack(stage.store, await stage.scene(), {
        rollout: 'new-shop',
        person: 'alice',
        reason: 'enough',
      });
      expect(back).toBe(id);
      await stage.until(id, ({ endedAt }) => endedAt !== null);
    }, 180_000);

    it('O19 production is refused without the GO of this candidate, and nothing is moved', async () => {
      await expect(stage.start({ environment: 'production' })).rejects.toMatchObject({
        code: 'rollout_refused',
        message: expect.stringContaining('gate ready says NO-GO') as string,
      });
    });

    it('T7 F09 no request was lost by any of it', () => {
      expect(load.lost).toEqual([]);
    });
  },
);

function ofKind(journal: readonly ShiftEntry[], kind: string): ShiftEntry[] {
  return journal.filter((entry) => entry.kind === kind);
}

/** From the first look that counted a bad event of the canary to the reading of weight 0. */
function fromFirstBadToZero(journal: readonly ShiftEntry[]): number {
  const first = ofKind(journal, 'looked').find(({ body }) =>
    (body['verdicts'] as { badWindows: number }[]).some(({ badWindows }) => badWindows > 0),
  );
  const zero = ofKind(journal, 'done').find(({ body }) => body['kind'] === 'set_weight' && body['found'] === 0);
  return Date.parse(zero?.at ?? '') - Date.parse(first?.at ?? '');
}
