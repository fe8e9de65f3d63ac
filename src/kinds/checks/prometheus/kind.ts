import type { CheckKind } from '../../../core/check/check.ts';
import { observePrometheus } from './observe.ts';
import { prometheusReader } from './reader.ts';

/** The `prometheus` check. */
export const prometheusKind: CheckKind = { ...prometheusReader, observe: observePrometheus };
