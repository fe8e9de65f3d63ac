import type { CheckKind } from '../../../core/check/check.ts';
import { toMomentSource } from '../moment.ts';
import { observeReport } from '../observe-report.ts';
import { restoreDrillReader } from './reader.ts';

const observeFiles = observeReport(['.json'], 'application/json');

/** The `restore-drill` check: reports of the workspace, read as `restoreDrillReader` reads them. */
export const restoreDrillKind: CheckKind = {
  ...restoreDrillReader,
  async observe(spec, context) {
    const { sources, trouble } = await observeFiles(spec, context);
    return { sources: trouble === null ? [...sources, toMomentSource(context.now())] : sources, trouble };
  },
};
