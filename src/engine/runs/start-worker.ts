import type { CheckKind } from '../../core/check/check.ts';
import type { StepKind } from '../../core/step/step-kind.ts';
import { createMaskDesk } from '../../mask/mask-desk.ts';
import type { MaskDesk } from '../../mask/mask-desk.ts';
import type { Checkout, Workspaces } from '../worker/workspaces.ts';
import { openWorkspaces } from '../worker/workspaces.ts';
import { openWorker } from '../worker/open-worker.ts';
import type { Worker } from '../worker/open-worker.ts';
import type { SecretAsk } from '../worker/worker-parts.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { createStepGuard } from './guard-step.ts';
import type { Engine } from './open-engine.ts';

/** What a worker of the command line is made of. */
export interface StartWorker {
  engine: Engine;
  version: string;
  slots: number;
  stepKinds: readonly StepKind[];
  checkKinds: readonly CheckKind[];
  /** Reads the launch of the checkout that this worker has. */
  readCheckout: () => Promise<Checkout>;
  openSecret: (ask: SecretAsk, desk: MaskDesk) => Promise<SecretValue>;
  report: (error: unknown) => void;
}

/** Starts a worker with everything that holds in production: masked sinks, audited secrets, rights, approvals, gates and windows. */
export async function startWorker(start: StartWorker): Promise<Worker> {
  const { engine, version, slots, stepKinds, checkKinds, report } = start;
  const desk = createMaskDesk({
    rules: [],
    clock: () => new Date(),
    onRefused: ({ name, reason }) => report(new Error(`secret ${name} cannot be masked: ${reason}`)),
  });
  const workspaces: Workspaces = openWorkspaces(start.readCheckout);
  return openWorker({
    store: engine.store,
    delivery: engine.delivery,
    advancer: engine.advancer,
    version,
    slots,
    stepKinds,
    checkKinds,
    workspaces,
    masking: { maskText: (text) => desk.maskText('log', text), createStream: () => desk.createStream('log') },
    openSecret: (ask) => start.openSecret(ask, desk),
    permit: createStepGuard(engine.store),
    report,
  });
}
