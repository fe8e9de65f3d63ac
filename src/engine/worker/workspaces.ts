import { existsSync } from 'node:fs';

import type { StoredRun } from '../../store/run.ts';
import { toRunSetting } from '../run-setting.ts';

/** A checkout that this worker has of a launch. */
export interface Checkout {
  launch: string;
  planHash: string;
  directory: string;
}

/** What a run wants of a worker. */
export interface WantedWorkspace {
  launch: string;
  planHash: string;
  environment: string;
  /** The folder that the run names; null takes the checkout of the worker. */
  workspace: string | null;
}

/** Finds the folder in which the steps of a run work. */
export interface Workspaces {
  /** The folder, or why this worker has none that fits. */
  find(wanted: WantedWorkspace): Promise<{ directory: string } | { unfit: string }>;
  list(): Promise<Checkout[]>;
}

/** What a stored run wants of a worker. */
export function wantedBy({ launch, run, setting }: StoredRun): WantedWorkspace {
  const { planHash, environment } = run.plan;
  return { launch, planHash, environment: environment.id, workspace: toRunSetting(setting).workspace };
}

/** How long a job waits before it is offered again, where the worker that got it does not fit. */
export const unfitSeconds = 2;

/** How long what was read of a checkout is believed. */
const freshMs = 2_000;

/**
 * Looks at one checkout; `only` names the one environment that it is for, null where it is for all. Programs of a launch stand beside its documents, so a
 * run is carried out only where the documents are those that its plan was read from: a history that was rewritten under it stops it (F70).
 */
export function openWorkspaces(read: () => Promise<Checkout>, only: string | null): Workspaces {
  let last: { at: number; checkout: Promise<Checkout> } | null = null;
  const look = (): Promise<Checkout> => {
    const now = performance.now();
    if (last === null || now - last.at > freshMs) last = { at: now, checkout: read() };
    return last.checkout;
  };
  return {
    async find({ launch, planHash, environment, workspace }) {
      if (only !== null && only !== environment)
        return { unfit: `this worker is for ${only} only, not for ${environment}` };
      if (workspace !== null)
        return existsSync(workspace)
          ? { directory: workspace }
          : { unfit: `the folder ${workspace} is on another machine` };
      const checkout = await look().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      if (typeof checkout === 'string') return { unfit: `the documents of this worker cannot be read: ${checkout}` };
      if (checkout.launch !== launch) return { unfit: `this worker has launch ${checkout.launch}, not ${launch}` };
      if (checkout.planHash === planHash) return { directory: checkout.directory };
      const [wanted, got] = [planHash.slice(0, 12), checkout.planHash.slice(0, 12)];
      return { unfit: `the documents changed since the run was made: expected plan ${wanted}, got ${got}` };
    },
    list: async () => [await look()],
  };
}
