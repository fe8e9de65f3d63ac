import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { greatExpectationsReader } from './reader.ts';

/** The `great-expectations` check: results of the workspace, read as `greatExpectationsReader` reads them. */
export const greatExpectationsKind: CheckKind = {
  ...greatExpectationsReader,
  observe: observeReport(['.json'], 'application/json'),
};
