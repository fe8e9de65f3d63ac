import { randomBytes } from 'node:crypto';

import { toTemplateValues } from '../../core/check/template-values.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import { hangsOnT0 } from '../../core/procedure/start-run.ts';
import { productionHosts, rehearsalFaults } from '../../core/procedure/rehearsal-faults.ts';
import type { Run, RunMode } from '../../core/procedure/run.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { createRun } from '../advance/create-run.ts';
import { keepLaunch } from '../keep-launch.ts';
import type { RunSetting } from '../run-setting.ts';
import type { Scene } from '../scene.ts';
import { planRefused } from './plan-run.ts';

/** A run that somebody wants. */
export interface RunWish {
  /** Its id; a new one where it is left out. Whoever names it sees to it that equal wishes have equal ids. */
  id?: string;
  plan: Plan;
  mode: Exclude<RunMode, 'dry-run'>;
  /** Account of the person who asks; the steps run for this account. */
  requester: string;
  /** Milliseconds since the epoch; null takes the one of the launch. */
  t0Ms: number | null;
  key: string | null;
  setting: Pick<RunSetting, 'workspace' | 'faults' | 'standIns' | 'labels'>;
}

/** A run that was made, or the equal one of the last 24 hours. */
export interface OrderedRun {
  id: string;
  repeated: boolean;
  /** Null for a repeated one. */
  run: Run | null;
  setting: RunSetting;
}

/**
 * Makes a run after everything that stands against it was looked at: the right of who asks, the plan, and for a rehearsal whether it could touch
 * production. Throws a ProductError with every reason. The same order again within 24 hours is the same run (O03).
 */
export async function orderRun(store: Store, scene: Scene, wish: RunWish): Promise<OrderedRun> {
  const { plan, mode, requester, key } = wish;
  const nowMs = Date.parse(await readNow(store));
  const { launch, environment } = scene;
  const ask = { person: requester, permission: 'run.start', environment: environment.id, nowMs } as const;
  await requirePermission(store, launch, { ...ask, subject: plan.id });
  if (mode === 'rehearsal') assertRehearsable(scene, plan);
  await keepLaunch(store, scene);
  const { candidate, candidateSha256 } = scene;
  const setting = { candidate, candidateSha256, executor: requester, ...wish.setting };
  const created = await createRun(store, {
    id: wish.id ?? toRunId(mode, randomBytes(9)),
    launch: launch.id,
    plan,
    mode,
    requestedBy: requester,
    approval: null,
    t0Ms: wish.t0Ms ?? expectedT0(launch, plan, nowMs),
    key,
    once: mode === 'live',
    setting,
  });
  if (created.kind === 'created') return { id: created.run.id, repeated: false, run: created.run, setting };
  if (created.kind === 'repeated') return { id: created.run, repeated: true, run: null, setting };
  if (created.kind === 'key_taken') throw keyTaken(key, created.run);
  throw planRefused(
    plan.id,
    created.faults.map(({ reason }) => reason),
  );
}

/** T-0 of the launch. Where nothing of the plan hangs on it, one that has passed is none: daily work goes on after the launch. */
function expectedT0({ t0 }: Scene['launch'], plan: Plan, nowMs: number): number | null {
  if (t0 === null) return null;
  const atMs = Date.parse(t0);
  return atMs > nowMs || hangsOnT0(plan) ? atMs : null;
}

/** Returns only where no step of a plan could reach production (C07); throws `run_refused` with every one that could. */
export function assertRehearsable(scene: Scene, plan: Plan): void {
  const faults = rehearsalFaults(plan, productionHosts(scene.launch), toTemplateValues(scene));
  if (faults.length === 0) return;
  throw new ProductError(
    'run_refused',
    `rehearsal of ${plan.id}: expected one that cannot reach production, got\n${faults.map(({ reason }) => `  ${reason}`).join('\n')}`,
    {
      hint: 'name another environment with --environment, and let the steps take their targets from {{ environment.url }}',
    },
  );
}

function keyTaken(key: string | null, run: string): ProductError {
  return new ProductError(
    'run_key_taken',
    `idempotency key ${key ?? ''}: expected one that is free or stands for the same order, got the one of run ${run}`,
    { hint: 'take another key; this one stands for another order for 24 hours' },
  );
}

/** Short enough to be read out on a call, long enough that two are never equal: `run-3kq9x2f7`. */
export function toRunId(mode: RunMode, bytes: Uint8Array): string {
  const letters = 'abcdefghjkmnpqrstvwxyz23456789';
  const name = [...bytes.subarray(0, 9)].map((byte) => letters[byte % letters.length]).join('');
  return `${mode === 'rehearsal' ? 'rehearsal' : 'run'}-${name}`;
}
