import type { PassedOver } from '../spec/find-markdown.ts';
import type { Terminal } from './terminal.ts';

/** Says on stderr which files and folders were not opened, so that a document that is missing from a result is missed. */
export function notePassedOver(terminal: Terminal, skipped: readonly PassedOver[]): void {
  for (const { path, reason } of skipped) terminal.err(`passed over ${path}: ${reason}\n`);
}
