import type { CheckKind } from '../../../core/check/check.ts';
import { reconcileReader } from './reader.ts';

/** The `reconcile` check: both sides of a dataset, compared where they lie. */
export const reconcileKind: CheckKind = {
  ...reconcileReader, // What compares is large, and most launches have no dataset.
  observe: async (spec, context) => (await import('./observe.ts')).observeReconcile(spec, context),
};
