import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { ProductError } from '../../core/error/product-error.ts';
import { loadPlan } from '../../engine/load-plan.ts';
import type { Engine } from '../../engine/runs/open-engine.ts';
import { openRecheck } from '../../engine/runs/recheck.ts';
import { toScene } from '../../engine/scene.ts';
import type { Scene } from '../../engine/scene.ts';
import type { Store } from '../../store/open-store.ts';
import { takesWrites } from '../../store/takes-writes.ts';
import type { CommandResult } from '../command-result.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';
import { openShellLog } from '../shell-log.ts';
import type { ShellLog } from '../shell-log.ts';
import { serveHealth } from '../serve-health.ts';
import type { HealthServer, Readiness } from '../serve-health.ts';
import { startRecurring } from '../start-recurring.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import { noteTrouble, withRunSession } from '../with-run-session.ts';
import type { RunSession } from '../with-run-session.ts';
import { toSlots } from './run.ts';

export interface WorkerOptions extends GlobalOptions {
  slots?: string;
  grace?: string;
  recheck?: string;
  health?: string;
  log?: string;
}

/** Carries out steps until it is interrupted: what runs then has its grace, and what is left goes to the other workers. */
export async function worker(given: Shell, options: WorkerOptions): Promise<CommandResult> {
  const logging = openShellLog(given, options.log);
  try {
    return await serveWork({ ...given, logging }, options);
  } finally {
    await logging.close();
  }
}

async function serveWork(shell: Shell & { logging: ShellLog }, options: WorkerOptions): Promise<CommandResult> {
  // Before the store is opened: whoever keeps this process running sees that it lives, and that it is not ready.
  const health = options.health === undefined ? null : await serveHealth(options.health);
  if (health) shell.logging.say(`health on port ${health.port}: /livez and /readyz`);
  try {
    return await withRunSession(shell, options, (session) => workUntilStopped(shell, session, { options, health }));
  } finally {
    await health?.close();
  }
}

async function workUntilStopped(
  shell: Shell & { logging: ShellLog },
  { engine, scene, store }: RunSession,
  { options, health }: { options: WorkerOptions; health: HealthServer | null },
): Promise<CommandResult> {
  const slots = toSlots(options.slots);
  const graceSeconds = toGrace(options.grace ?? '30');
  const at = { directory: toDirectory(shell, options), slots, environment: options.environment ?? null };
  const started = await startShellWorker(shell, engine, at);
  shell.logging.say(`worker ${started.id}: ${scene.launch.id}, ${slots} steps at once; interrupt it to end`);
  const recurring = await startRecurring(shell, engine, at);
  const recheck = options.recheck === undefined ? null : await startRecheck(shell, engine, options, options.recheck);
  const stopScaling = scaleOnSignals(started);
  health?.becomes(() => readReadiness(store));
  if (!shell.signal.aborted) await once(shell.signal, 'abort');
  health?.becomes(() => Promise.resolve({ ready: false, reason: 'the worker is leaving' }));
  stopScaling();
  await recheck?.stop();
  await recurring.stop();
  await started.stop({ graceSeconds });
  return { exit: 0, json: { worker: started.id, state: 'gone' }, text: `worker ${started.id} has left\n` };
}

function toGrace(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= 86_400) return seconds;
  throw new ProductError('usage', `--grace: expected seconds from 0 to 86400, got ${text}`, {
    hint: 'leave it out for 30',
  });
}

/** How long the database may take to say that it is there. */
const patienceMs = 3_000;

/** A worker can do its work while its database takes writes; what else is wrong is told by "tminus doctor" and by alarms. */
async function readReadiness(store: Store): Promise<Readiness> {
  const late = pause(
    patienceMs,
    { ready: false, reason: `the database did not answer within ${patienceMs} ms` },
    { ref: false },
  );
  const asked = takesWrites(store).then((ready) => ({ ready, reason: ready ? '' : 'the database takes no writes' }));
  return Promise.race([asked, late]);
}

/** Every round reads the launch anew: documents, candidate and environment as they are then. */
async function startRecheck(
  shell: Shell,
  engine: Engine,
  options: WorkerOptions,
  cron: string,
): ReturnType<typeof openRecheck> {
  const loadScene = async (): Promise<Scene> =>
    toScene(await loadPlan(toDirectory(shell, options), await shell.loadReaders()), options.environment ?? null);
  const { launch, environment } = await loadScene();
  return openRecheck(engine, {
    cron,
    kinds: await shell.loadKinds(),
    loadScene,
    name: `${launch.id} ${environment.id}`,
    signal: shell.signal,
    report: (error) => noteTrouble(shell, error),
  });
}

/** SIGUSR2 adds a slot, SIGTTOU takes one away: the pool changes while it works, and what runs is finished. */
function scaleOnSignals(started: Awaited<ReturnType<typeof startShellWorker>>): () => void {
  const more = (): void => void started.resize(Math.min(64, started.slots + 1));
  const fewer = (): void => void started.resize(Math.max(1, started.slots - 1));
  process.on('SIGUSR2', more).on('SIGTTOU', fewer);
  return () => void process.off('SIGUSR2', more).off('SIGTTOU', fewer);
}
