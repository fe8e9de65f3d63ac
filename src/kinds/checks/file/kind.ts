import type { CheckKind } from '../../../core/check/check.ts';
import { observeFile } from './observe.ts';
import { fileReader } from './reader.ts';

/** The `file` check: files of the workspace, as files. */
export const fileKind: CheckKind = { ...fileReader, observe: observeFile };
