import { ProductError } from '../../core/error/product-error.ts';
import { isFinal } from '../../core/procedure/run.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import { approvalLevel } from '../../core/procedure/authority.ts';
import { askApproval } from '../../engine/runs/ask-approval.ts';
import { actOnRun } from '../../engine/runs/act-on-run.ts';
import { orderRun } from '../../engine/runs/order-run.ts';
import { dryRunSha256, listRunEffects, planRun } from '../../engine/runs/plan-run.ts';
import { readRunView } from '../../engine/runs/read-run-view.ts';
import type { CommandResult } from '../command-result.ts';
import { followRun } from '../follow-run.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { renderEffects } from '../render-effects.ts';
import { renderRun } from '../render-run.ts';
import { toRunExit } from '../run-exit.ts';
import type { Shell } from '../shell.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import { toDirectory } from '../global-options.ts';
import { withRunSession } from '../with-run-session.ts';
import type { RunSession } from '../with-run-session.ts';
import { withSession } from '../with-session.ts';

export interface RunOptions extends GlobalOptions, SignerOptions {
  t0?: string;
  reason?: string;
  idempotencyKey?: string;
  detach?: boolean;
  slots?: string;
  label?: string[];
}

/** Lists what every step would do; asks nothing, writes nothing. */
export async function dryRun(
  shell: Shell,
  procedure: string | undefined,
  options: GlobalOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene }) => {
    const plan = planRun(scene, procedure ?? null, shell.stepKinds);
    const effects = listRunEffects(plan, shell.stepKinds, scene);
    const sha256 = dryRunSha256(effects);
    const json = { procedure: plan.id, environment: plan.environment, planHash: plan.planHash, effects, sha256 };
    return { exit: 0, json, text: renderEffects(plan, effects, sha256, shell.terminal.palette) };
  });
}

/** Orders a live run and carries it out here until it ends; with `detach` it is left to the workers. */
export async function run(shell: Shell, procedure: string | undefined, options: RunOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const id = await order(shell, session, procedure ?? null, options);
    if (options.detach === true) return showRun(shell, session, id);
    const directory = toDirectory(shell, options);
    const at = { directory, slots: toSlots(options.slots), environment: null };
    const worker = await startShellWorker(shell, session.engine, at);
    try {
      return await followRun(shell, session.store, id, { json: options.json === true });
    } finally {
      await worker.stop({ graceSeconds: 5 });
    }
  });
}

/** Makes the run, and starts it or asks for its approval; returns its id. The same order again within a day is the same run. */
async function order(
  shell: Shell,
  { scene, store, engine }: RunSession,
  procedure: string | null,
  options: RunOptions,
): Promise<string> {
  const { person } = readSigner(shell, scene, options);
  const plan = planRun(scene, procedure, shell.stepKinds);
  if (approvalLevel(plan) > 0) assertReason(plan, options);
  const labels = options.label ?? [];
  const {
    id,
    run: made,
    setting,
  } = await orderRun(store, scene, {
    plan,
    mode: 'live',
    requester: person.id,
    t0Ms: options.t0 === undefined ? null : toInstant(options.t0),
    key: options.idempotencyKey ?? null,
    setting: { workspace: null, faults: {}, standIns: null, labels },
  });
  if (made?.state === 'pending_approval') {
    const reason = `${labels.map((label) => `[${label}] `).join('')}${options.reason ?? ''}`;
    await askApproval(store, scene, { run: made, what: 'run', requester: person.id, reason, kinds: shell.stepKinds });
  }
  if (made?.state === 'approved') {
    const input = { kind: 'start' } as const;
    await actOnRun(engine, { run: made, launch: scene.launch, setting, person: person.id, input });
  }
  return id;
}

/** Asked before anything is made: a run without a reason could not be approved. */
function assertReason(plan: Plan, { reason }: RunOptions): void {
  if (reason !== undefined && reason.trim() !== '') return;
  throw new ProductError(
    'usage',
    `run of ${plan.id} in ${plan.environment.id}: expected why it is wanted, got nothing`,
    {
      hint: 'say it with --reason: who approves reads it',
    },
  );
}

async function showRun(shell: Shell, { store }: RunSession, id: string): Promise<CommandResult> {
  const view = await readRunView(store, id);
  return {
    exit: isFinal(view.run) ? toRunExit(view.run) : 5,
    json: view,
    text: renderRun(view, shell.terminal.palette),
  };
}

/** An instant as people write it. */
export function toInstant(text: string): number {
  const ms = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(ms)) return ms;
  throw new ProductError('usage', `${text}: expected an instant in RFC 3339 with its offset, got another text`, {
    hint: 'write it as 2026-12-05T14:00:00-05:00',
  });
}

/** How many steps a worker carries out at once. */
export function toSlots(text: string | undefined): number {
  const slots = Number(text ?? '3');
  if (Number.isInteger(slots) && slots >= 1 && slots <= 64) return slots;
  throw new ProductError('usage', `slots: expected a whole number from 1 to 64, got ${text}`, {
    hint: 'leave it out for 3',
  });
}
