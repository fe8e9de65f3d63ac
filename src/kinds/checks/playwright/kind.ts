import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { playwrightReader } from './reader.ts';

/** The `playwright` check: reports of the workspace, read as `playwrightReader` reads them. */
export const playwrightKind: CheckKind = { ...playwrightReader, observe: observeReport(['.json'], 'application/json') };
