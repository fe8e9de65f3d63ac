import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { junitReader } from './reader.ts';

/** The `junit` check: reports of the workspace, read as `junitReader` reads them. */
export const junitKind: CheckKind = { ...junitReader, observe: observeReport(['.xml'], 'application/xml') };
