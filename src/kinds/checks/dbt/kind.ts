import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { dbtReader } from './reader.ts';

/** The `dbt` check: artefacts of the workspace, read as `dbtReader` reads them. */
export const dbtKind: CheckKind = { ...dbtReader, observe: observeReport(['.json'], 'application/json') };
