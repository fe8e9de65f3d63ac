import type { CheckDeclaration } from '../../core/check/check.ts';
import { resolveTemplates } from '../../core/check/resolve-templates.ts';
import { templateNames } from '../../core/check/template-values.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Draft } from './draft.ts';
import { addProblem, short } from './problem.ts';
import type { WrittenFence } from './read-fence.ts';
import { unknownDatastore } from './use-datastore.ts';

/**
 * Adds a problem for each template of a check that nothing will ever fill in: a name that does not exist, a secret, no end. A name that
 * exists and is not known yet is none: its value may come with the environment that is aimed at.
 */
export function refuseTemplates(draft: Draft, fence: WrittenFence, check: CheckDeclaration, owner: string): void {
  const values = new Map(templateNames(draft.launch).map((name) => [name, 'known'] as const));
  // A datastore that does not exist has its problem already, where it is named; nobody else is to hear of the name that stands for it.
  if (JSON.stringify(check.spec).includes(unknownDatastore)) values.set(unknownDatastore, 'known');
  const resolved = resolveTemplates(check, values);
  if (resolved.ok) return;
  const placeOf = toPlaces(fence);
  for (const { expected, got, hint } of resolved.faults)
    addProblem(draft.problems, 'check_invalid', placeOf(got), {
      message: `check of ${owner} can never be asked`,
      expected,
      got: short(got),
      hint,
    });
}

/** Each time that the same text is asked for, its next place: attributes of the fence first, then its lines. */
function toPlaces(fence: WrittenFence): (text: string) => Place {
  const taken = new Map<string, number>();
  return (text) => {
    const written = text.startsWith('{{') ? text : '{{';
    const attribute = [...fence.attributes.values()].find(({ value }) => value.includes(written));
    if (attribute !== undefined) return attribute.at;
    const offset = fence.text.indexOf(written, taken.get(written) ?? 0);
    if (offset === -1) return fence.at;
    taken.set(written, offset + written.length);
    return fence.placeOfOffset(offset);
  };
}
