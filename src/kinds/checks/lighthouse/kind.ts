import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { lighthouseReader } from './reader.ts';

/** The `lighthouse` check: reports of the workspace, read as `lighthouseReader` reads them. */
export const lighthouseKind: CheckKind = { ...lighthouseReader, observe: observeReport(['.json'], 'application/json') };
