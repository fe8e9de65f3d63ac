import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { sarifReader } from './reader.ts';

/** The `sarif` check: reports of the workspace, read as `sarifReader` reads them. */
export const sarifKind: CheckKind = {
  ...sarifReader,
  observe: observeReport(['.sarif', '.sarif.json'], 'application/sarif+json'),
};
