import type { CheckKind } from '../../../core/check/check.ts';
import { observeReport } from '../observe-report.ts';
import { axeReader } from './reader.ts';

/** The `axe` check: reports of the workspace, read as `axeReader` reads them. */
export const axeKind: CheckKind = { ...axeReader, observe: observeReport(['.json'], 'application/json') };
