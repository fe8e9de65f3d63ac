import type { Effect, StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { rolloutStepSchema } from './schema.ts';
import type { RolloutStepSpec } from './schema.ts';

/** The pure half of the step kind `rollout`. */
export const rolloutStepReader: StepReader = {
  kind: 'rollout',
  summary: 'Shifts traffic to the canary phase by phase, on what is measured beside the stable arm, or takes it back.',
  jsonSchema: toJsonSchema(rolloutStepSchema),
  readSpec: (written) => readStepSchema(rolloutStepSchema, written),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => listEffects(spec as unknown as RolloutStepSpec),
  undoSpec: (spec) => (spec['do'] === 'take-back' ? null : { ...spec, do: 'take-back' }),
};

function listEffects({ rollout, do: deed, to = 0 }: RolloutStepSpec): Effect[] {
  const target = `routers of rollout ${rollout}`;
  if (deed === 'take-back')
    return [{ does: 'write', target, text: `sets the weight of the canary to ${to} and reads it back` }];
  return [
    {
      does: 'read',
      target: `metric sources of rollout ${rollout}`,
      text: 'counts requests and bad events of both arms',
    },
    { does: 'write', target, text: 'raises the weight of the canary phase by phase, and sets it to 0 where it fails' },
    {
      does: 'unknown',
      target: `way back of rollout ${rollout}`,
      text: 'begins it as a run of its own where the rollout fails',
    },
  ];
}
