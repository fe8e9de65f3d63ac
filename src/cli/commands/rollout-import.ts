import { importRollout } from '../../core/rollout/import/import-rollout.ts';
import type { CommandResult } from '../command-result.ts';
import { importFile } from '../import-file.ts';
import { renderRollout } from '../render-drafts.ts';
import type { Shell } from '../shell.ts';

/**
 * Prints what Argo Rollouts, Flagger, Keptn or Kayenta declare as drafts of `yaml rollout` fences, with the fate of every field. Writes nothing. Exit 1 where a draft has
 * something open, which is nearly always: no tool names what ours has to know.
 */
export function importRolloutFile(shell: Shell, file: string, source: string): CommandResult {
  return importFile(shell, file, { read: importRollout, render: (draft) => renderRollout(draft, source) });
}
