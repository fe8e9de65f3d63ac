import { loadPlan } from '../../src/engine/load-plan.ts';
import { openEngine } from '../../src/engine/runs/open-engine.ts';
import type { Engine } from '../../src/engine/runs/open-engine.ts';
import { startWorker } from '../../src/engine/runs/start-worker.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import type { Store } from '../../src/store/open-store.ts';

/** A whole worker, as `tminus worker` starts it: it carries out steps of runs and shifts of traffic. */
export interface RolloutWorker {
  engine: Engine;
  stop(): Promise<void>;
}

/** Starts it for the launch of a folder. */
export async function startRolloutWorker(store: Store, folder: string): Promise<RolloutWorker> {
  const report = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
  const engine = await openEngine(store, { report });
  const worker = await startWorker({
    engine,
    environment: null,
    version: 'test',
    slots: 2,
    stepKinds,
    checkKinds,
    secrets: { providers: [], environment: {}, prefix: null },
    readCheckout: async () => {
      const { launch, planHash, directory } = await loadPlan(folder, { checks: checkReaders, steps: stepReaders });
      return { launch: launch.id, planHash, directory };
    },
    report,
  });
  return {
    engine,
    async stop() {
      await worker.stop({ graceSeconds: 1 });
      await engine.close({ graceSeconds: 1 });
    },
  };
}
