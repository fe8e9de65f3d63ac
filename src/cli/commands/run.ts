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
    const effects = listRunEffects(plan, shell.stepKinds);
    const sha256 = dryRunSha256(effects);
    const json = { procedure: plan.id, environment: plan.environment, planHash: plan.planHash, effects, sha256 };
    return { exit: 0, json, text: renderEffects(plan, effects, sha256, shell.terminal.palette) };
  });
}

/** Orders a live run and carries it out here until it ends; with `detach` it is left to the workers. */
export async function run(shell: Shell, procedure: string | undefined, options: RunOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const { scene, store, engine } = session;
    const signer = readSigner(shell, scene, options);
    const plan = planRun(scene, procedure ?? null, shell.stepKinds);
    if (approvalLevel(plan) > 0) assertReason(plan, options);
    const ordered = await orderRun(store, scene, {
      plan,
      mode: 'live',
      requester: signer.person.id,
      t0Ms: options.t0 === undefined ? null : toInstant(options.t0),
      key: options.idempotencyKey ?? null,
      setting: { workspace: null, faults: {}, standIns: null, labels: options.label ?? [] },
    });
    if (ordered.run?.state === 'pending_approval') {
      const { requestedBy: requester } = ordered.run;
      const marks = (options.label ?? []).map((label) => `[${label}] `).join('');
      const reason = `${marks}${options.reason ?? ''}`;
      await askApproval(store, scene, { run: ordered.run, what: 'run', requester, reason, kinds: shell.stepKinds });
    }
    if (ordered.run?.state === 'approved') {
      await actOnRun(engine, {
        run: ordered.run,
        launch: scene.launch,
        setting: ordered.setting,
        person: signer.person.id,
        input: { kind: 'start' },
      });
    }
    if (options.detach === true) return showRun(shell, session, ordered.id);
    const worker = await startShellWorker(shell, engine, {
      directory: toDirectory(shell, options),
      slots: toSlots(options.slots),
      environment: null,
    });
    try {
      return await followRun(shell, store, ordered.id, { json: options.json === true });
    } finally {
      await worker.stop({ graceSeconds: 5 });
    }
  });
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
