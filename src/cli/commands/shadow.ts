import { setTimeout as pause } from 'node:timers/promises';

import type { ShadowReport } from '../../core/rollout/shadow/shadow-report.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { createDataSecrets } from '../../engine/data/open-data-access.ts';
import { loadPlan } from '../../engine/load-plan.ts';
import { openShadow, readShadow } from '../../engine/rollout/open-shadow.ts';
import { toScene } from '../../engine/scene.ts';
import type { Scene } from '../../engine/scene.ts';
import type { CommandResult } from '../command-result.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { notePassedOver } from '../note-passed-over.ts';
import { readLength } from '../read-length.ts';
import { renderDifferences, summarizeDifferences } from '../render-differences.ts';
import type { Shell } from '../shell.ts';
import { openStoreOf } from '../with-session.ts';

/** Runs the shadow of a rollout until it is interrupted, or, with `show`, says what one that runs has found. It needs no store but for a secret. */
export async function shadow(
  shell: Shell,
  name: string | undefined,
  options: GlobalOptions & { show?: boolean; every?: string },
): Promise<CommandResult> {
  const everyMs = readLength('--every', options.every ?? '30s');
  const plan = await loadPlan(toDirectory(shell, options), await shell.loadReaders());
  notePassedOver(shell.terminal, plan.skipped);
  const scene = await toScene(plan, options.environment ?? null);
  if (options.show === true) return toResult(shell, await readShadow(scene, name ?? null, shell.signal));
  const running = await openShadow(scene, name ?? null, (secret) => openSecret(shell, { scene, options, secret }));
  try {
    shell.terminal.err(
      `shadow of ${running.rollout}: clients at ${running.url}, counts at ${running.reportUrl}; interrupt it to end\n`,
    );
    while (await isPausedFor(everyMs, shell.signal))
      shell.terminal.err(`${await running.report().then(({ routes }) => summarizeDifferences(routes), toEnded)}\n`);
    return toResult(shell, await running.report());
  } finally {
    await running.close();
  }
}

/** Copies that have ended take no client with them. */
function toEnded(error: unknown): string {
  return `nothing is compared any more, clients are still answered: ${error instanceof Error ? error.message : String(error)}`;
}

/** False as soon as it is interrupted. */
async function isPausedFor(ms: number, signal: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal }).catch(() => false);
}

async function openSecret(
  shell: Shell,
  { scene, options, secret }: { scene: Scene; options: GlobalOptions; secret: string },
): Promise<SecretValue> {
  const store = await openStoreOf(shell, options);
  try {
    const by = { actor: null, purpose: 'copies of a shadow', mask: () => undefined };
    return await createDataSecrets(store, scene, by)(secret, shell.signal);
  } finally {
    await store.close();
  }
}

function toResult(shell: Shell, report: ShadowReport): CommandResult {
  return { exit: 0, json: report, text: `${renderDifferences(report.routes, shell.terminal.palette).join('\n')}\n` };
}
