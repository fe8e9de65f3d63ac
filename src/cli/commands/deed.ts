import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { Actor, ApprovalReference, Run } from '../../core/procedure/run.ts';
import { toHeldRole } from '../../engine/append-statement.ts';
import type { TimelessInput } from '../../engine/advance/advance-request.ts';
import { actOnRun } from '../../engine/runs/act-on-run.ts';
import { findWayBackApproval } from '../../engine/runs/ask-approval.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import { toRunSetting } from '../../engine/run-setting.ts';
import { readRunView } from '../../engine/runs/read-run-view.ts';
import { readRegularFile } from '../../spec/read-regular-file.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { renderRun } from '../render-run.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';

export interface DeedOptions extends GlobalOptions, SignerOptions {
  role?: string;
  run?: string;
  reason?: string;
}

/** What is known where a deed is put into words. */
export interface DeedScene {
  run: Run;
  by: Actor;
  reason: string;
  /** An approval of the way back that holds; null where there is none, or none is wanted. */
  wayBack: ApprovalReference | null;
}

/**
 * Does one thing to a run in the name of a person who has the key that the launch declares for them, and shows where the run stands then. `step` names
 * the step that it is about, so that the role of that step is the one they speak in.
 */
export async function deed(
  shell: Shell,
  options: DeedOptions,
  {
    run: named = null,
    step = null,
    toInput,
  }: { run?: string | null; step?: string | null; toInput: (scene: DeedScene) => TimelessInput },
): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, store, engine }) => {
    const { run, setting } = await findRun(
      store,
      { launch: scene.launch.id, environment: options.environment ?? null },
      options.run ?? named,
    );
    const signer = readSigner(shell, scene, options);
    const role = toHeldRole(scene.launch, signer, options.role ?? null, wantedRoles(run, step));
    const wayBack = await findWayBackApproval(store, scene, run);
    const by = { person: signer.person.id, role };
    const input = toInput({ run, by, reason: options.reason ?? '', wayBack });
    await actOnRun(engine, { run, launch: scene.launch, setting: toRunSetting(setting), person: by.person, input });
    const view = await readRunView(store, run.id);
    return { exit: 0, json: view, text: renderRun(view, shell.terminal.palette) };
  });
}

function wantedRoles(run: Run, step: string | null): string[] {
  const own = step === null ? null : plannedSteps(run.plan).get(step)?.role;
  return own ? [own, ...run.plan.deciders] : run.plan.deciders;
}

/** A proof is a page, a picture, a report; what is larger is named by its digest. */
const mostProofBytes = 256 * 1024 * 1024;

/** The proof in the words that stay with the step: a file by its name and digest, everything else as it was said. */
export function toProof(shell: Shell, run: Run, step: string, value: string | undefined): string {
  const kind = plannedSteps(run.plan).get(step)?.proof ?? null;
  if (value === undefined) return '';
  if (kind === 'url' && !/^https?:\/\/\S+$/.test(value))
    throw wrongProof(step, 'a URL that begins with https://', value);
  if (kind !== 'file' && kind !== 'artifact') return value;
  try {
    const bytes = readRegularFile(resolve(shell.directory, value), mostProofBytes);
    return `${value} sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  } catch (error) {
    throw wrongProof(step, 'a file that can be read', (error as Error).message);
  }
}

function wrongProof(step: string, expected: string, got: string): ProductError {
  return new ProductError('usage', `proof of ${step}: expected ${expected}, got ${got}`, {
    hint: 'name it with --proof',
  });
}
