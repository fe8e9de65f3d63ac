import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import { hiddenColumns } from '../../../kinds/checks/data-rules/rule-table.ts';
import type { ImportGround } from './open-ground.ts';

/** Returns the key of a row of the target as a report may hold it: what the dataset hides is `[redacted]`. */
export function toShownKey(
  { dataset, wholeTarget }: Pick<ImportGround, 'dataset' | 'wholeTarget'>,
  key: string,
): string {
  const hidden = hiddenColumns(dataset);
  if (!wholeTarget.key.some((name) => hidden.has(name))) return key;
  const shown = parseCanonLine(key).map((value, at) => (hidden.has(wholeTarget.key[at] ?? '') ? '[redacted]' : value));
  return toCanonLine(shown).slice(0, -1);
}
