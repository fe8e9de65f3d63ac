import type { CheckReader } from '../../core/check/check.ts';
import { httpReader } from './http/reader.ts';
import { sqlReader } from './sql/reader.ts';

/**
 * The pure half of every check kind, by name. This is all that the offline verifier needs, so nothing here may import
 * a file with IO: a kind adds one line, its `reader.ts`.
 */
export const checkReaders: readonly CheckReader[] = [sqlReader];
