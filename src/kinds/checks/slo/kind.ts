import type { CheckKind } from '../../../core/check/check.ts';
import { observeSlo } from './observe.ts';
import { sloReader } from './reader.ts';

/** The `slo` check: an error budget as a gate of a deploy. */
export const sloKind: CheckKind = { ...sloReader, observe: observeSlo };
