import type { Effect, StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { importStepSchema } from './schema.ts';
import type { ImportStepSpec } from './schema.ts';

/** The pure half of the step kind `import`. */
export const importStepReader: StepReader = {
  kind: 'import',
  summary: 'Applies an import of a dataset, in production one that was approved, or takes it back.',
  jsonSchema: toJsonSchema(importStepSchema),
  readSpec: (written) => readStepSchema(importStepSchema, written),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => listEffects(spec as unknown as ImportStepSpec),
  undoSpec: (spec) => (spec['do'] === 'roll-back' ? null : { ...spec, do: 'roll-back' }),
};

function listEffects({ dataset, mode, do: deed }: ImportStepSpec): Effect[] {
  const target = `target of dataset ${dataset}`;
  const ledger = { does: 'write' as const, target: `${target}, tminus_import_ledger` };
  if (deed === 'roll-back')
    return [
      {
        does: 'delete',
        target,
        text: 'deletes rows that the import of this run inserted, but none that people edited',
      },
      { does: 'write', target, text: 'puts rows that it updated back as they were, but none that people edited' },
      { ...ledger, text: 'takes the entries of the import out of the ledger' },
    ];
  const what = mode === 'full' ? 'every record' : 'records that are new since the last import';
  return [
    {
      does: 'read',
      target: `source of dataset ${dataset}`,
      text: `reads ${what}, counts them and holds them against the dry run`,
    },
    {
      does: 'write',
      target,
      text: 'inserts and updates rows as the approved dry run says, and none that people edited',
    },
    { ...ledger, text: 'keeps what became of each record, and makes the table where there is none' },
  ];
}
