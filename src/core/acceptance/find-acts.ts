import { acceptanceActions } from './acceptance-record.ts';
import type { AcceptanceAct, AcceptanceAction, AcceptanceRow } from './acceptance-record.ts';

type RowOf<Kind extends AcceptanceRow['kind']> = Extract<AcceptanceRow, { kind: Kind }>;
type Found = { [action in AcceptanceAction]?: AcceptanceRow | undefined };

/**
 * Returns the six actions of a pass with the row that shows each. Rows from before the pass show nothing, and neither does anything from before the sign-in. What
 * was finished counts where it had stood on Home for that person and was opened after that; what waits has to be seen after it. Rows that come later change no
 * complete answer, so that what was prepared for a signature stays what it was.
 */
export function findActs(startedAt: string, rows: readonly AcceptanceRow[]): AcceptanceAct[] {
  const own = rows.filter(({ at }) => at > startedAt).toSorted(byTime);
  const signIn = own.find(({ kind }) => kind === 'signed-in');
  const rest = signIn ? own.slice(own.indexOf(signIn) + 1) : [];
  const work = findWork(rest);
  const finish = work['finish-work'];
  const found: Found = {
    ...work,
    'sign-in': signIn,
    'see-waiting': rest.find((row) => row.kind === 'home' && row.isWaitingKnown && finish && isAfter(row, finish)),
    'use-document': rest.find(({ kind }) => kind === 'document'),
  };
  return acceptanceActions.map((action) => ({ action, row: found[action] ?? null }));
}

/** Whether all six were done. */
export function isComplete(acts: readonly AcceptanceAct[]): boolean {
  return acceptanceActions.every((wanted) => acts.some(({ action, row }) => action === wanted && row !== null));
}

function byTime(one: AcceptanceRow, other: AcceptanceRow): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return one.ref < other.ref ? -1 : one.ref > other.ref ? 1 : 0;
}

function isAfter(row: AcceptanceRow, other: AcceptanceRow): boolean {
  return byTime(row, other) > 0;
}

/** The first work that was seen, opened and finished; until then as far as somebody has come. */
function findWork(rows: readonly AcceptanceRow[]): Found {
  const homes = rows.filter((row): row is RowOf<'home'> => row.kind === 'home' && row.work.length > 0);
  const opened = rows.filter((row): row is RowOf<'opened'> => row.kind === 'opened');
  const ways = homes.flatMap((home) =>
    home.work.flatMap((subjects) => {
      const open = opened.find((row) => isAfter(row, home) && subjects.includes(row.subject));
      return open ? [{ home, open, subjects }] : [];
    }),
  );
  for (const row of rows) {
    if (row.kind !== 'finished' || row.proof.trim() === '') continue;
    const way = ways.find(({ open, subjects }) => isAfter(row, open) && subjects.includes(row.subject));
    if (way) return { 'see-work': way.home, 'open-work': way.open, 'finish-work': row };
  }
  return { 'see-work': ways[0]?.home ?? homes[0], 'open-work': ways[0]?.open };
}
