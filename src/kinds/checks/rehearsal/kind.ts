import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { toMomentSource } from '../moment.ts';
import { rehearsalReader } from './reader.ts';

const observeFiles = observeReport(['.json'], 'application/json');

/** The `rehearsal` check: reports of the workspace, read as `rehearsalReader` reads them. */
export const rehearsalKind: CheckKind = {
  ...rehearsalReader,
  async observe(spec, context) {
    const { sources, trouble } = await observeFiles(spec, context);
    return { sources: trouble === null ? [...sources, toMomentSource(context.now())] : sources, trouble };
  },
};
