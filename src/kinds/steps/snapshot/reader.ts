import type { StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { findArchiveFaults } from '../export/reader.ts';
import { findStoreFaults } from '../object-store-option.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { findScratchFaults } from '../restore-drill/reader.ts';
import { refuseStepFence } from '../step-fence.ts';
import { snapshotStepSchema } from './schema.ts';
import type { SnapshotStepSpec } from './schema.ts';

/** The pure half of the step kind `snapshot`. */
export const snapshotStepReader: StepReader = {
  kind: 'snapshot',
  summary: 'Writes a copy of datasets without what is personal, verified, and of which a clone was seen to boot.',
  jsonSchema: toJsonSchema(snapshotStepSchema),
  readSpec: (written) =>
    readStepSchema(snapshotStepSchema, written, (spec) => [
      ...findArchiveFaults(spec),
      ...findStoreFaults({ field: 'file', place: spec.file, store: 'none' }),
      ...findScratchFaults(spec),
    ]),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => {
    const { datasets, side, file, server } = spec as unknown as SnapshotStepSpec;
    return [
      {
        does: 'read',
        target: `${side} of ${datasets.join(', ')}`,
        text: 'reads one state of it, in the order of its keys',
      },
      {
        does: 'write',
        target: server ?? 'a server that is started for it',
        text: 'makes a database, restores the copy into it, asks it and drops it',
      },
      { does: 'write', target: file, text: 'writes the copy without values of people, and its sha256 beside it' },
    ];
  },
  undoSpec: () => null,
};
