import type { JsonValue } from '@tminus/verify';

import type { ReadSpec, SpecFault } from '../../../core/check/check.ts';
import { listTemplates } from '../../../core/step/list-templates.ts';
import type { StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { findStoreFaults } from '../object-store-option.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { exportStepSchema } from './schema.ts';
import type { ExportStepSpec } from './schema.ts';

/** The pure half of the step kind `export`. */
export const exportStepReader: StepReader = {
  kind: 'export',
  summary: 'Writes an archive of datasets, or of everything that Tminus keeps, with its sha256 beside it.',
  jsonSchema: toJsonSchema(exportStepSchema),
  readSpec,
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => {
    const { datasets, side, file, store, recipients, since, until } = spec as unknown as ExportStepSpec;
    const whole = datasets.length === 0 ? 'everything that Tminus keeps' : `${side} of ${datasets.join(', ')}`;
    const end = until == null ? '' : `, before ${until}`;
    const what = since == null ? whole : `${whole}, what was written since ${toBeginning(since)}${end}`;
    const how = recipients.length === 0 ? 'in the clear' : `for ${recipients.length} recipients`;
    return [
      { does: 'read', target: what, text: 'reads one state of it, in the order of its keys' },
      { does: 'write', target: file, text: `writes the archive, ${how}, and its sha256 beside it${inStore(store)}` },
    ];
  },
  undoSpec: () => null,
};

function toBeginning(since: string): string {
  return since === 'switch' ? 'the switch' : since;
}

/** Which records a window is of: those of users, on the new side. */
function findWindowFaults({ since, until, side, datasets }: ExportStepSpec): SpecFault[] {
  if (since === null && until === null) return [];
  return [
    ...(since === null
      ? [{ path: ['since'], expected: 'a beginning beside until', got: 'none', hint: 'write since: switch' }]
      : []),
    ...(side === 'target'
      ? []
      : [{ path: ['side'], expected: 'target', got: side, hint: 'the window is of what the new side was given' }]),
    ...(datasets.length > 0
      ? []
      : [
          {
            path: ['datasets'],
            expected: 'ids of datasets',
            got: 'none',
            hint: 'name those whose records users write on the new side',
          },
        ]),
  ];
}

/** Where in the world an `s3://` place is, for whoever approves the step. */
function inStore(store: ExportStepSpec['store']): string {
  return !store ? '' : `, at ${store.endpoint ?? `AWS in ${store.region}`}, and reads both back`;
}

function readSpec(written: JsonValue): ReadSpec {
  return readStepSchema(exportStepSchema, written, (spec) => [
    ...findArchiveFaults(spec),
    ...findWindowFaults(spec),
    ...findStoreFaults({ field: 'file', place: spec.file, store: spec.store }),
  ]);
}

/** Returns what is wrong with the name of an archive: it tells whether it is encrypted, and is no secret. */
export function findArchiveFaults({ file, recipients }: Pick<ExportStepSpec, 'file' | 'recipients'>): SpecFault[] {
  const faults: SpecFault[] = [];
  const [wanted, whose] = recipients.length === 0 ? ['.tar.gz', 'without'] : ['.tar.gz.age', 'for'];
  if (!file.endsWith(wanted))
    faults.push({
      path: ['file'],
      expected: `a name that ends with ${wanted}`,
      got: file,
      hint: `so that an archive ${whose} recipients is known by its name`,
    });
  for (const { name } of listTemplates(file).filter(({ kind }) => kind === 'secret'))
    faults.push({ path: ['file'], expected: 'no secret', got: `{{ secret "${name}" }}`, hint: 'leave it out' });
  return faults;
}
