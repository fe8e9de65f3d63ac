import { ProductError } from '../../core/error/product-error.ts';
import { hasPlanFaults, planViews } from '../../core/plan/plan-views.ts';
import { collectDocuments } from '../../engine/collect-documents.ts';
import { readPlanFile } from '../../spec/plan/read-plan-file.ts';
import type { CommandResult } from '../command-result.ts';
import { notePassedOver } from '../note-passed-over.ts';
import { renderPlans } from '../render-plans.ts';
import type { Shell } from '../shell.ts';

/** Shows which plan files can be begun, which wait and for what; exit 3 where they contradict each other. */
export async function plan(shell: Shell, paths: readonly string[]): Promise<CommandResult> {
  const { documents, skipped } = await collectDocuments(shell.directory, paths.length > 0 ? paths : ['.']);
  notePassedOver(shell.terminal, skipped);
  const plans = documents.flatMap(({ path, bytes }) => readPlanFile(path, bytes) ?? []);
  if (plans.length === 0) {
    throw new ProductError(
      'document_unreadable',
      `${paths.join(', ') || 'this directory'}: expected plan files, got none`,
      { hint: 'name a folder with Markdown files whose front matter says status: planned, or depends:' },
    );
  }
  const views = planViews(plans);
  return {
    exit: hasPlanFaults(views) ? 3 : 0,
    json: { plans, views },
    text: renderPlans(plans, views, shell.terminal.palette),
  };
}
