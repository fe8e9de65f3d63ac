import type { CheckKind } from '../../../core/check/check.ts';
import { observeSql } from './observe.ts';
import { sqlReader } from './reader.ts';

/** The `sql` check: one statement that reads, asked in a session that cannot write. */
export const sqlKind: CheckKind = { ...sqlReader, observe: observeSql };
