import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { k6Reader } from './reader.ts';

/** The `k6` check: reports of the workspace, read as `k6Reader` reads them. */
export const k6Kind: CheckKind = { ...k6Reader, observe: observeReport(['.json'], 'application/json') };
