import type { CheckKind } from '../../../core/check/check.ts';
import { dataRulesReader } from './reader.ts';

/** The `data-rules` check: the rows of a dataset, held against what it declares. */
export const dataRulesKind: CheckKind = {
  ...dataRulesReader, // What asks is large, and most launches have no dataset.
  observe: async (spec, context) => (await import('./observe.ts')).observeDataRules(spec, context),
};
