import type { Launch } from '../../api/client.generated.ts';

/** Procedures that can be ordered, runbooks first: the way back is run by taking a run back. */
export function toOrderable({ procedures }: Launch): Launch['procedures'] {
  const forward = procedures.filter(({ kind }) => kind !== 'rollback');
  return forward.toSorted((a, b) => Number(b.kind === 'runbook') - Number(a.kind === 'runbook'));
}
