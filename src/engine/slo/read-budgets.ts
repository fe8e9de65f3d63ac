import type { JsonObject } from '@tminus/verify';

import type { Reading } from '../../core/check/check.ts';
import type { Environment, Launch } from '../../core/launch/launch.ts';
import { optionsIn } from '../../core/rollout/rollout.ts';
import type { Objective } from '../../core/slo/objective.ts';
import { sloKind } from '../../kinds/checks/slo/kind.ts';

/** An objective with what its counters say now. */
export interface BudgetLine {
  objective: Objective;
  reading: Reading;
}

/** What budgets are read for, and with. */
export interface BudgetScene {
  launch: Launch;
  environment: Environment;
  workspace: string;
  now: () => number;
}

/** Returns how every objective of a launch stands in an environment, by the same check that gates a deploy. What cannot be read says why. */
export async function readBudgets(scene: BudgetScene): Promise<BudgetLine[]> {
  return await Promise.all(
    scene.launch.objectives.map(async (objective) => ({ objective, reading: await readOne(objective, scene) })),
  );
}

async function readOne(objective: Objective, { launch, environment, workspace, now }: BudgetScene): Promise<Reading> {
  const source = launch.metricSources.find(({ id }) => id === objective.source);
  const url = source === undefined ? undefined : optionsIn(source.options, environment.id)['url'];
  if (url === undefined)
    return unread(`metric source ${objective.source}: expected a url for ${environment.id}, got none`);
  const { total, counted, goal, windowMs } = objective;
  const variable = launch.secrets.find(({ id }) => id === source?.secret)?.reference['env'];
  const written: JsonObject = {
    url,
    total,
    ...counted,
    goal,
    window: windowMs,
    ...(typeof variable === 'string' ? { tokenEnv: variable } : {}),
  };
  const read = sloKind.readSpec(written);
  if (!read.ok)
    return unread(
      read.faults.map(({ path, expected, got }) => `${path.join('.')}: expected ${expected}, got ${got}`).join('; '),
    );
  const context = { signal: new AbortController().signal, workspace, allow: environment.allow, now };
  const { sources, trouble } = await sloKind.observe(read.spec, context);
  return trouble === null ? sloKind.parse(read.spec, sources) : { state: 'unreadable', trouble };
}

function unread(message: string): Reading {
  return { state: 'unreadable', trouble: { code: 'configuration', message } };
}
