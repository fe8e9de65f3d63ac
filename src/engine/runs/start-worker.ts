import type { CheckKind } from '../../core/check/check.ts';
import type { SecretContext, SecretProvider } from '../../core/secret/secret.ts';
import type { StepKind } from '../../core/step/step-kind.ts';
import { createMaskDesk } from '../../mask/mask-desk.ts';
import type { MaskDesk } from '../../mask/mask-desk.ts';
import { openMonitor } from '../monitor/open-monitor.ts';
import { createSecretDesk } from '../secret/secret-desk.ts';
import { openWorker } from '../worker/open-worker.ts';
import type { Worker } from '../worker/open-worker.ts';
import type { WorkerParts } from '../worker/worker-parts.ts';
import { openWorkspaces } from '../worker/workspaces.ts';
import type { Checkout } from '../worker/workspaces.ts';
import { announceByWebhook } from './announce-by-webhook.ts';
import type { AnnounceTo } from './announce-by-webhook.ts';
import { createStepGuard } from './guard-step.ts';
import type { Engine } from './open-engine.ts';

/** What a worker of the command line is made of. */
export interface StartWorker {
  engine: Engine;
  version: string;
  slots: number;
  /** The one environment that it works for; null for all of the launch. */
  environment: string | null;
  stepKinds: readonly StepKind[];
  checkKinds: readonly CheckKind[];
  secrets: { providers: readonly SecretProvider[] } & Pick<SecretContext, 'environment' | 'prefix'>;
  /** Where messages go beside the store; nowhere where it is left out. */
  announceTo?: AnnounceTo;
  /** Reads the launch of the checkout that this worker has. */
  readCheckout: () => Promise<Checkout>;
  report: (error: unknown) => void;
}

/** Starts a worker with everything that holds in production: masked sinks, audited secrets, rights, approvals, gates, windows, and the monitor with its alarms. */
export async function startWorker(start: StartWorker): Promise<Worker> {
  const { engine, version, slots, stepKinds, checkKinds, report } = start;
  const { store, delivery, advancer } = engine;
  const desk = openDesk(report);
  const worker = await openWorker({
    store,
    delivery,
    advancer,
    version,
    slots,
    stepKinds,
    checkKinds,
    workspaces: openWorkspaces(start.readCheckout, start.environment),
    masking: {
      maskText: (text) => desk.maskText('log', text),
      createStream: () => desk.createStream('log'),
      sweep: (written) => desk.sweep(written),
    },
    openSecret: createSecretOpener(start, (name, value) => desk.add(name, value)),
    permit: createStepGuard(store),
    announce: start.announceTo === undefined ? null : announceByWebhook(start.announceTo),
    report,
  });
  const monitor = openMonitor(store, { report });
  return {
    id: worker.id,
    get slots() {
      return worker.slots;
    },
    resize: (count) => worker.resize(count),
    drain: () => worker.drain(),
    async stop(how) {
      await monitor.close();
      await worker.stop(how);
    },
  };
}

/** What this process has handed out, and must not be seen in anything that it writes. */
function openDesk(report: StartWorker['report']): MaskDesk {
  return createMaskDesk({
    rules: [],
    clock: () => new Date(),
    onRefused: ({ name, reason }) => report(new Error(`secret ${name} cannot be masked: ${reason}`)),
  });
}

function createSecretOpener(
  { engine, secrets }: StartWorker,
  mask: (name: string, value: Uint8Array) => void,
): WorkerParts['openSecret'] {
  return ({ launch, name, run, step, setting, workspace, signal }) => {
    const desk = createSecretDesk(engine.store, {
      launch,
      environment: run.plan.environment.id,
      providers: secrets.providers,
      context: { environment: secrets.environment, prefix: secrets.prefix, workspace, signal },
      mask: (value) => mask(value.name, value.exposeBytes()),
    });
    return desk.openSecret(name, { actor: setting.executor, purpose: `${run.id}/${step}` });
  };
}
