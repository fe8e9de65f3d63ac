import type { Effect, StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { fixStepSchema } from './schema.ts';
import type { FixStepSpec } from './schema.ts';

/** The pure half of the step kind `fix`. */
export const fixStepReader: StepReader = {
  kind: 'fix',
  summary: 'Applies a fix of a dataset that people have approved, row by row under guards, or takes it back.',
  jsonSchema: toJsonSchema(fixStepSchema),
  readSpec: (written) => readStepSchema(fixStepSchema, written),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => listEffects(spec as unknown as FixStepSpec),
  undoSpec: (spec) => (spec['do'] === 'undo' ? null : { ...spec, do: 'undo' }),
};

function listEffects({ dataset, do: deed }: FixStepSpec): Effect[] {
  const target = `table of dataset ${dataset}`;
  const ledger = { does: 'write' as const, target: `${target}, tminus_fix_ledger` };
  if (deed === 'undo')
    return [
      {
        does: 'write',
        target,
        text: 'puts every row that the fix of this run changed back as it was, or none where somebody wrote to one since',
      },
      { ...ledger, text: 'takes the entries of the fix out of the ledger' },
    ];
  return [
    {
      does: 'write',
      target,
      text: 'inserts, updates and deletes the rows of the approved plan, or none where one is no longer as planned',
    },
    { ...ledger, text: 'keeps what each row was before, and makes the table where there is none' },
    { does: 'read', target, text: 'looks again whether what the fix was for has gone' },
  ];
}
