import { planTaskList } from '../../engine/data/trello/plan-task-list.ts';
import type { TaskListPlan } from '../../engine/data/trello/plan-task-list.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { openImportData } from '../open-import-data.ts';
import { applyAll, planAll, rollBackAll } from '../planned-import.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export type TaskListDeed = 'plan' | 'import' | 'rollback';

/** Looks at a list of tasks, writes what was planned of it, or takes that back. */
export async function taskList(
  shell: Shell,
  deed: TaskListDeed,
  { dataset, options }: { dataset: string; options: GlobalOptions & SignerOptions },
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const subject = `tasks ${dataset}`;
    const { person } = await requireSigner(shell, session, { options, permission: 'check.run', subject });
    const { report, settings } = await planTaskList(
      dataset,
      await openImportData(shell, session, { by: person.id, purpose: 'import of a list of tasks' }),
    );
    const wish = { settings, person: person.id };
    if (deed === 'import') return applyAll(session, wish);
    if (deed === 'rollback') return rollBackAll(session, wish);
    return planAll(session, wish, { report, text: describeList(report), isWhole: true });
  });
}

function describeList({ lines, created, recurring, skipped, secrets }: TaskListPlan['report']): string {
  const named = Object.entries(skipped).map(([reason, count]) => `  skipped ${reason}  ${count}`);
  const found = Object.entries(secrets).map(([rule, count]) => `  secret ${rule}  ${count}, replaced by a marker`);
  return [`${lines} lines: ${created} to create, ${recurring} of them recur`, ...named, ...found, ''].join('\n');
}
