import type { PartialTerms } from '../../core/dataset/dataset.ts';
import type { Draft } from './draft.ts';
import { addProblem, short } from './problem.ts';
import { takeKeys } from './take-keys.ts';
import type { WrittenEntry } from './written-yaml.ts';

/** Reads what `partial:` of a dataset says: how the target tells when a record was written. */
export function readPartial(
  { problems }: Draft,
  dataset: string,
  { entry, hasTarget }: { entry: WrittenEntry | null; hasTarget: boolean },
): PartialTerms | null {
  if (entry === null) return null;
  const owner = `partial of dataset ${dataset}`;
  const keys = takeKeys(problems, { owner, written: entry.value, known: ['by', 'zone'] });
  if (entry.value.kind !== 'map') return null;
  const [by, zone] = [keys.text('by'), keys.text('zone')];
  if (by === null)
    addProblem(problems, 'key_missing', entry.at, {
      message: `${owner} does not say which column tells when a record was written`,
      expected: 'by: COLUMN',
      got: 'none',
      hint: 'write partial: { by: created_at }',
    });
  if (zone !== null && zone !== 'UTC')
    addProblem(problems, 'value_invalid', keys.at('zone'), {
      message: `zone of ${owner} is not known`,
      expected: 'UTC, for a column of times without a zone',
      got: short(zone),
      hint: 'leave it out where the column holds instants; of a local time nobody knows which of two it was',
    });
  if (!hasTarget)
    addProblem(problems, 'value_invalid', entry.at, {
      message: `${owner} is of a dataset without a target`,
      expected: 'target: beside partial:',
      got: 'none',
      hint: 'users write on the new side: name the table that they write to',
    });
  return by === null || !hasTarget ? null : { by, zone: zone === 'UTC' ? zone : null };
}
