import { loadPlan } from '../engine/load-plan.ts';
import type { AnnounceTo } from '../engine/runs/announce-by-webhook.ts';
import { startWorker } from '../engine/runs/start-worker.ts';
import type { Engine } from '../engine/runs/open-engine.ts';
import type { Worker } from '../engine/worker/open-worker.ts';
import type { Checkout } from '../engine/worker/workspaces.ts';
import { secretProviders } from '../kinds/secrets/providers.ts';
import type { Shell } from './shell.ts';
import { noteTrouble } from './with-run-session.ts';

/** Starts a worker of this process in a checkout of the launch. */
export function startShellWorker(
  shell: Shell,
  engine: Engine,
  at: { directory: string; slots: number; environment: string | null },
): Promise<Worker> {
  return startWorker({
    engine,
    version: shell.version,
    slots: at.slots,
    environment: at.environment,
    stepKinds: shell.stepKinds,
    checkKinds: shell.kinds,
    secrets: { providers: secretProviders, environment: shell.env, prefix: shell.env['TMINUS_SECRET_PREFIX'] ?? null },
    ...toAnnounce(shell),
    readCheckout: () => readCheckout(shell, at.directory),
    report: (error) => noteTrouble(shell, error),
  });
}

/** An address of the installation and not of a launch: who runs the worker says where its messages go. */
function toAnnounce({ env }: Shell): { announceTo?: AnnounceTo } {
  const url = env['TMINUS_WEBHOOK'];
  return url ? { announceTo: { url, key: env['TMINUS_WEBHOOK_KEY'] ?? null } } : {};
}

async function readCheckout(shell: Shell, directory: string): Promise<Checkout> {
  const { launch, planHash, directory: root } = await loadPlan(directory, shell.readers);
  return { launch: launch.id, planHash, directory: root };
}
