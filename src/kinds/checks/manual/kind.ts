import type { CheckKind, Observation } from '../../../core/check/check.ts';
import { manualReader } from './reader.ts';
import { manualSchema } from './schema.ts';

/** The `manual` check. A machine cannot observe it: running it says who may sign, and changes nothing. */
export const manualKind: CheckKind = {
  ...manualReader,
  observe(written): Promise<Observation> {
    const { role, people = [] } = manualSchema.parse(written);
    const who = people.filter((person) => !person.automation && (role === null || person.roles.includes(role)));
    const names = who.map(({ id }) => id).join(', ') || 'nobody who is declared';
    const asked = role === null ? '' : ` with the role ${role}`;
    const message = `expected the signature of a person${asked}, got none; it may come from ${names}`;
    return Promise.resolve({ sources: [], trouble: { code: 'not_attested', message } });
  },
};
