import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { toMomentSource } from '../moment.ts';
import { drillReader } from './reader.ts';

const observeFiles = observeReport(['.json'], 'application/json');

/** The `drill` check: reports of the workspace, read as `drillReader` reads them. */
export const drillKind: CheckKind = {
  ...drillReader,
  async observe(spec, context) {
    const { sources, trouble } = await observeFiles(spec, context);
    return { sources: trouble === null ? [...sources, toMomentSource(context.now())] : sources, trouble };
  },
};
