import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { PlannedStep } from '../../src/core/procedure/plan.ts';
import { commandKind } from '../../src/kinds/steps/command/kind.ts';
import { ledgerStep } from '../runs/start-engine.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import { cgroupsMissing, makeCgroup, processesLimit } from './cgroup.ts';
import { openPlace } from './place.ts';
import { orderSteps, seeThrough } from './see-through.ts';
import { actAlone } from './start-alone.ts';

const missing = await cgroupsMissing([processesLimit(1)]);
const prlimit = '/usr/bin/prlimit';
const why = (reason: string | null): string => (reason === null ? '' : ` (skipped: ${reason})`);

/** Whether the system refused the program itself, or the sandbox that was to start it. */
const refusal =
  /^sh: expected exit status 0, got (no start \(EAGAIN\)|exit status \d+: .*Resource temporarily unavailable)/;

describe('a worker that cannot start a process', () => {
  it.skipIf(missing !== null)(
    `F10 because the system refuses one more: the attempt fails and says so, and is made again as declared${why(missing)}`,
    { timeout: 400_000 },
    async () => {
      const place = await openPlace(await createTestDatabase());
      const group = makeCgroup(processesLimit(1));
      if ('missing' in group) throw new Error(group.missing);
      const worker = place.start('worker');
      expect(await worker.ready).toBe(true);
      group.add(worker.pid);
      const steps = [
        commandStep('again', { interrupted: 'rerun', maxAttempts: 500 }),
        commandStep('asks', { interrupted: 'ask', maxAttempts: 1, needs: ['again'] }),
      ];
      const run = await orderSteps(place, 'fork', steps);
      await place.engine.until(run.id, ({ steps: now }) => refusal.test(now['again']?.detail ?? ''));
      await place.engine.until(run.id, ({ steps: now }) => (now['again']?.tries ?? 0) > 1);
      expect(group.felt()).toBeGreaterThan(0);
      group.free(worker.pid);
      const done = await place.engine.until(run.id, ({ steps: now }) => now['again']?.state === 'done');
      expect(done.steps['again']?.attempt).toBeGreaterThan(1);
      const { run: ended, logs, violations } = await seeThrough(place, run);
      expect([ended.state, violations]).toEqual(['completed', []]);
      const { again, asks } = ended.steps;
      const ran = Object.keys(logs).filter((attempt) => logs[attempt]!.includes('it ran'));
      expect(ran.toSorted()).toEqual([`${run.id}/again/${again!.attempt}`, `${run.id}/asks/${asks!.attempt}`]);
      expect(worker.ended()).toBe(null);
      await place.close();
      await group.remove();
    },
  );

  it.skipIf(!existsSync(prlimit))(
    `F9 because not one more file can be opened: steps and checks say so, the process lives, and the next attempt works${why(existsSync(prlimit) ? null : 'prlimit is not installed')}`,
    async () => {
      const workspace = mkdtempSync(join(tmpdir(), 'tminus-descriptors-'));
      const steps = [
        { kind: 'command', written: { argv: ['true'] } },
        { kind: 'check', written: { check: { kind: 'command', argv: ['true'] } } },
      ];
      const order = { steps, allow: [], workspace, withoutDescriptors: true };
      const ends = await actAlone(order, [prlimit, '--nofile=64', '--']);
      rmSync(workspace, { recursive: true });
      expect(ends.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'done', 'done']);
      expect(ends[0]?.detail).toContain('EMFILE');
      expect(ends[1]?.detail).toMatch(/unknown, .*EMFILE/);
    },
  );
});

/** A real program, whose log tells that it ran. */
function commandStep(id: string, over: Partial<PlannedStep>): PlannedStep {
  const action = ledgerStep(id, '').action!;
  const read = commandKind.readSpec({ argv: ['sh', '-c', 'echo it ran'] });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return ledgerStep(id, '', { action: { ...action, kind: 'command', spec: read.spec }, ...over });
}
