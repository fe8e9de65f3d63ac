import type { StepReader } from '../../core/step/step-kind.ts';
import { checkReaders } from '../checks/readers.ts';
import { createCheckStepReader } from './check/reader.ts';
import { commandReader } from './command/reader.ts';
import { dnsStepReader } from './dns/reader.ts';
import { exportStepReader } from './export/reader.ts';
import { fixStepReader } from './fix/reader.ts';
import { httpStepReader } from './http/reader.ts';
import { importStepReader } from './import/reader.ts';
import { mailoutStepReader } from './mailout/reader.ts';
import { notifyReader } from './notify/reader.ts';
import { drillStepReader } from './restore-drill/reader.ts';
import { rolloutStepReader } from './rollout/reader.ts';
import { shReader } from './sh/reader.ts';
import { snapshotStepReader } from './snapshot/reader.ts';
import { sqlStepReader } from './sql/reader.ts';
import { createWaitStepReader } from './wait/reader.ts';

/**
 * The pure half of every step kind, by name. The offline verifier reads documents with it, so nothing here may import a file with IO: a kind
 * adds one line, its `reader.ts`.
 */
export const stepReaders: readonly StepReader[] = [
  createCheckStepReader(checkReaders),
  commandReader,
  dnsStepReader,
  exportStepReader,
  fixStepReader,
  httpStepReader,
  importStepReader,
  mailoutStepReader,
  notifyReader,
  drillStepReader,
  rolloutStepReader,
  shReader,
  snapshotStepReader,
  sqlStepReader,
  createWaitStepReader(checkReaders),
];
