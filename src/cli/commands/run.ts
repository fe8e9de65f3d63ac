import { ProductError } from '../../core/error/product-error.ts';
import { isFinal } from '../../core/procedure/run.ts';
import { orderLiveRun } from '../../engine/runs/order-live-run.ts';
import { dryRunSha256, listRunEffects, planRun } from '../../engine/runs/plan-run.ts';
import { readRunView } from '../../engine/runs/read-run-view.ts';
import type { CommandResult } from '../command-result.ts';
import { followRun } from '../follow-run.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { readInstant } from '../read-instant.ts';
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
    const kinds = await shell.loadStepKinds();
    const plan = planRun(scene, procedure ?? null, kinds);
    const effects = listRunEffects(plan, kinds, scene);
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
  { scene, engine }: RunSession,
  procedure: string | null,
  options: RunOptions,
): Promise<string> {
  const { person } = readSigner(shell, scene, options);
  const kinds = await shell.loadStepKinds();
  const { id } = await orderLiveRun(engine, scene, {
    plan: planRun(scene, procedure, kinds),
    person: person.id,
    reason: options.reason ?? '',
    labels: options.label ?? [],
    t0Ms: options.t0 === undefined ? null : readInstant(options.t0),
    key: options.idempotencyKey ?? null,
    kinds,
  });
  return id;
}

async function showRun(shell: Shell, { store }: RunSession, id: string): Promise<CommandResult> {
  const view = await readRunView(store, id);
  return {
    exit: isFinal(view.run) ? toRunExit(view.run) : 5,
    json: view,
    text: renderRun(view, shell.terminal.palette),
  };
}

/** How many steps a worker carries out at once. */
export function toSlots(text: string | undefined): number {
  const slots = Number(text ?? '3');
  if (Number.isInteger(slots) && slots >= 1 && slots <= 64) return slots;
  throw new ProductError('usage', `slots: expected a whole number from 1 to 64, got ${text}`, {
    hint: 'leave it out for 3',
  });
}
