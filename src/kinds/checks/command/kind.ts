import type { CheckKind } from '../../../core/check/check.ts';
import { observeCommand } from './observe.ts';
import { commandReader } from './reader.ts';

/** The check kind `command`. */
export const commandKind: CheckKind = { ...commandReader, observe: observeCommand };
