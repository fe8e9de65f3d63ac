import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { ctrfReader } from './reader.ts';

/** The `ctrf` check: reports of the workspace, read as `ctrfReader` reads them. */
export const ctrfKind: CheckKind = { ...ctrfReader, observe: observeReport(['.json'], 'application/json') };
