import type { SpecFault } from '../../../core/check/check.ts';
import type { StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { findStoreFaults } from '../object-store-option.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { drillStepSchema } from './schema.ts';
import type { DrillStepSpec } from './schema.ts';

/** The pure half of the step kind `restore-drill`. */
export const drillStepReader: StepReader = {
  kind: 'restore-drill',
  summary: 'Restores an archive into a database made for it, compares every hash, and leaves a signed report.',
  jsonSchema: toJsonSchema(drillStepSchema),
  readSpec: (written) =>
    readStepSchema(drillStepSchema, written, (spec) => [
      ...findScratchFaults(spec),
      ...findStoreFaults({ field: 'archive', place: spec.archive, store: spec.store }),
    ]),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => {
    const { archive, server } = spec as unknown as DrillStepSpec;
    const where = server ?? 'a server that is started for it';
    return [
      { does: 'read', target: archive, text: 'reads the archive and holds it against every rule' },
      {
        does: 'write',
        target: where,
        text: 'makes a database, restores the archive into it, reads it again and drops it',
      },
      { does: 'write', target: 'reports/restore-drills', text: 'leaves the signed report of the drill' },
    ];
  },
  undoSpec: () => null,
};

/** Returns what is wrong with the server that something is restored into. */
export function findScratchFaults({ server, password }: Pick<DrillStepSpec, 'server' | 'password'>): SpecFault[] {
  const faults: SpecFault[] = [];
  const url = server === null || server.includes('{{') ? null : URL.parse(server);
  if (server !== null && !server.includes('{{') && !/^postgres(?:ql)?:$/.test(url?.protocol ?? ''))
    faults.push({
      path: ['server'],
      expected: 'postgres://user@host/database',
      got: 'another url',
      hint: 'archives are restored into Postgres',
    });
  if (url !== null && url.password !== '')
    faults.push({
      path: ['server'],
      expected: 'a url without a password',
      got: 'one with a password',
      hint: 'keep it as a secret: password: {{ secret "shop/db" }}',
    });
  if (server === null && password !== null)
    faults.push({
      path: ['password'],
      expected: 'no password without a server',
      got: 'a password',
      hint: 'name the server',
    });
  return faults;
}
