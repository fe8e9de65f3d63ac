import type { RecurringLine, RecurringState } from '../../core/schedule/to-recurring-lines.ts';
import { readRecurring } from '../../engine/recurring/read-recurring.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import { toUtc } from '../format-utc.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';
import { withSession } from '../with-session.ts';

/** Shows what recurs, its last proof, what is due and what was missed; exit 4 where something is overdue, or nobody looks after it. */
export async function recurring(shell: Shell, options: GlobalOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const lines = await readRecurring(store, scene.launch, scene.environment.id);
    const isWrong = lines.some(({ state }) => state === 'overdue' || state === 'unwatched');
    const text = lines.map((line) => renderLine(line, shell.terminal.palette)).join('');
    const none = `nothing recurs in ${scene.launch.id}: write every=1d or every=1w at the heading of a procedure\n`;
    return { exit: isWrong ? 4 : 0, json: { recurring: lines }, text: text || none };
  });
}

const words: { [State in RecurringState]: string } = {
  before: 'not yet: what it follows is not done',
  unwatched: 'nobody looks after it: start "tminus worker"',
  overdue: 'overdue',
  due: 'due',
  kept: 'kept',
};

function renderLine(line: RecurringLine, { bold, dim, green, red, yellow }: Palette): string {
  const { procedure, title, state, overdue, due, lastProof, nextDueMs, slots } = line;
  const paint = state === 'kept' ? green : state === 'due' || state === 'before' ? yellow : red;
  const missed = slots.filter(({ outcome }) => outcome === 'missed').length;
  const told = [
    overdue
      ? `  due ${toUtc(overdue.dueMs)}, ${overdue.kind === 'slot_not_begun' ? 'not begun' : 'not ended well'} by ${toUtc(overdue.sinceMs)}${overdue.more > 0 ? `, and ${overdue.more} more after it` : ''}`
      : null,
    due ? `  run ${due.run}, to end by ${toUtc(due.untilMs)}: tminus status ${due.run}` : null,
    `  ${lastProof ? `last proof ${toUtc(lastProof.endedMs)}, run ${lastProof.run}` : 'never proven'}${missed > 0 ? `; ${missed} of the last ${slots.length} missed` : ''}`,
    nextDueMs === null
      ? null
      : `  next ${toUtc(nextDueMs)}, to end well within ${formatDuration(line.withinMs)}, in the name of ${line.requester ?? 'nobody'}`,
  ].filter((part) => part !== null);
  return `${bold(procedure)}  ${paint(words[state])}  ${dim(title)}\n${told.join('\n')}\n`;
}
