import type { CanonType } from '../canon.ts';
import type { Dataset } from '../dataset.ts';
import { pseudonymTypes } from './pseudonym.ts';

/** Why datasets cannot be scrubbed as they are declared, each reason; empty where they can. */
export function scrubFaults(datasets: readonly Dataset[]): string[] {
  return datasets.flatMap((dataset) => [
    ...dataset.key
      .filter((column) => dataset.redact.includes(column))
      .map((column) => `${dataset.id}.${column}: expected a key that stays, got one under redact; declare it personal`),
    ...relationFaults(dataset, datasets),
  ]);
}

/** A relation whose one side is replaced leads nowhere. */
function relationFaults({ id, rules, personal }: Dataset, datasets: readonly Dataset[]): string[] {
  return rules.flatMap(({ kind, body }) => {
    const { column } = body;
    const parent = datasets.find((one) => one.id === (body['dataset'] ?? body['to']));
    const key = body['key'] ?? parent?.key[0];
    if (kind !== 'orphans' || parent === undefined) return [];
    if (typeof column !== 'string' || typeof key !== 'string') return [];
    const own = personal.find((one) => one.column === column)?.category ?? 'none';
    const theirs = parent.personal.find((one) => one.column === key)?.category ?? 'none';
    if (own === theirs) return [];
    return [`${id}.${column}: expected the category of ${parent.id}.${key}, ${theirs}, got ${own}`];
  });
}

/** Why a personal column cannot be replaced, or null. */
export function typeFault(column: string, type: CanonType): string | null {
  if (pseudonymTypes.has(type)) return null;
  return `${column}: expected ${[...pseudonymTypes].join(', ')}, got ${type}; declare it under redact`;
}
