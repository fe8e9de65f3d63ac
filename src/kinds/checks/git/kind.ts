import type { CheckKind } from '../../../core/check/check.ts';
import { observeGit } from './observe.ts';
import { gitReader } from './reader.ts';

/** The check kind `git`. */
export const gitKind: CheckKind = { ...gitReader, observe: observeGit };
