import type { CheckKind } from '../../../core/check/check.ts';
import { toMomentSource } from '../moment.ts';
import { observeReport } from '../observe-report.ts';
import { figuresReader } from './reader.ts';

const observeFiles = observeReport(['.yaml', '.yml', '.json'], 'application/yaml');

/** The `figures` check: one file of the workspace, read as `figuresReader` reads it. */
export const figuresKind: CheckKind = {
  ...figuresReader,
  async observe(spec, context) {
    const { sources, trouble } = await observeFiles(spec, context);
    return { sources: trouble === null ? [...sources, toMomentSource(context.now())] : sources, trouble };
  },
};
