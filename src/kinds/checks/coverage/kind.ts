import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { coverageReader } from './reader.ts';

/** The `coverage` check: reports of the workspace, read as `coverageReader` reads them. */
export const coverageKind: CheckKind = {
  ...coverageReader,
  observe: observeReport(['.info', '.lcov', '.xml'], 'application/octet-stream'),
};
