import type { Run } from '../../../api/client.generated.ts';

/** Something that a person can lift now. */
export interface Resumable {
  id: string;
  reason: string;
}

/** Holds of people and watches, and built-in ones that go on only when somebody says so. */
export function toResumable({ holds, count, builtInHolds }: Run): Resumable[] {
  const own = new Set(holds.map(({ id }) => id));
  const asking = (count?.stops ?? []).filter(({ id, release }) => release === 'person' && !own.has(id));
  return [
    ...holds.map(({ id, reason }) => ({ id, reason })),
    ...asking.map(({ id }) => ({ id, reason: builtInHolds.find((one) => one.id === id)?.title ?? id })),
  ];
}
