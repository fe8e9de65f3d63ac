import type { Dataset, FixLine, ImportBatch } from '../../api/client.generated.ts';
import type { StatusName } from '../../kit/status.tsx';

/** How the state of an import looks. */
export const batchLooks: Record<ImportBatch['state'], StatusName> = {
  planned: 'planned',
  approved: 'ready',
  applying: 'running',
  applied: 'unknown',
  verified: 'pass',
  'rolled-back': 'undone',
  failed: 'failed',
};

/** How the state of a fix looks. */
export const fixLooks: Record<FixLine['state'], StatusName> = {
  planned: 'waiting',
  approved: 'ready',
  applying: 'running',
  applied: 'done',
  undoing: 'undoing',
  undone: 'undone',
  failed: 'failed',
};

/** How a verdict looks. */
export const verdictLooks: Record<NonNullable<Dataset['reconcile']>['verdict'], StatusName> = {
  equal: 'pass',
  'equal within tolerance': 'condition',
  differs: 'fail',
  inconclusive: 'unknown',
};
