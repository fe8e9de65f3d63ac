import type { StepKind } from '../../../core/step/step-kind.ts';
import { sqlStepReader } from './reader.ts';

/** The step kind `sql`. The drivers are the slowest import of all kinds; most runs ask no database. */
export const sqlStepKind: StepKind = {
  ...sqlStepReader,
  run: async (spec, context) => await (await import('./run.ts')).runSql(spec, context),
  probe: async (spec, context) => await (await import('./run.ts')).probeSql(spec, context),
};
