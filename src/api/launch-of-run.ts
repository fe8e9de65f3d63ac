import type { Launch } from '../core/launch/launch.ts';
import { findRun } from '../engine/runs/find-run.ts';
import type { StoredRun } from '../store/run.ts';
import type { ApiParts } from './api-parts.ts';

/** A run, and its launch as the documents declare it now. Throws `run_unknown`, and what stands against the launch where it cannot be read. */
export async function loadRunWithLaunch(
  { store, launches }: ApiParts,
  id: string,
): Promise<{ stored: StoredRun; launch: Launch }> {
  const stored = await findRun(store, { launch: '', environment: null }, id);
  const { plan, trouble } = await launches.find(stored.launch);
  if (plan) return { stored, launch: plan.launch };
  throw trouble ?? new Error(`launch ${stored.launch}: expected a plan or a trouble, got neither`);
}
