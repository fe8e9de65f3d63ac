import type { Launch } from '../../core/launch/launch.ts';
import type { Run } from '../../core/procedure/run.ts';
import type { RunSetting } from '../run-setting.ts';
import type { Scene } from '../scene.ts';

/** Returns the launch as a run was made from it, as use cases see it; null where its environment is not declared. Documents are left out: a run is bound to what was read from them. */
export function toRunScene({
  launch,
  run,
  setting: { candidate, candidateSha256 },
  directory,
}: {
  launch: Launch;
  run: Run;
  setting: RunSetting;
  directory: string;
}): Scene | null {
  const { planHash } = run.plan;
  const environment = launch.environments.find(({ id }) => id === run.plan.environment.id);
  if (environment === undefined) return null;
  const binding = { launch: launch.id, planHash, candidateSha256, environment: environment.id };
  return { directory, documents: [], launch, planHash, environment, candidate, candidateSha256, binding };
}
