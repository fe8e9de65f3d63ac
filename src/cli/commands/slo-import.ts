import { importObjectives } from '../../core/slo/import/import-objectives.ts';
import type { CommandResult } from '../command-result.ts';
import { importFile } from '../import-file.ts';
import { renderObjectives } from '../render-drafts.ts';
import type { Shell } from '../shell.ts';

/**
 * Prints what OpenSLO, Sloth or rules of Prometheus declare as drafts of objectives and of checks, with the fate of every field. Writes nothing. Exit 1 where a draft has
 * something open.
 */
export function importSloFile(shell: Shell, file: string, source: string): CommandResult {
  return importFile(shell, file, { read: importObjectives, render: (draft) => renderObjectives(draft, source) });
}
