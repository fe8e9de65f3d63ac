import { isJudgedIn } from '../../core/rollout/judge-measure.ts';
import { isOver, lockShift, readLookAt, readShift } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { failpoint } from '../../store/failpoint.ts';
import { decideShift, writeDecided } from './decide-shift.ts';
import { doActions } from './do-actions.ts';
import { lookOnce } from './look-once.ts';
import { readBars } from './read-bars.ts';
import { readIncidents } from './read-incidents.ts';
import type { ShiftParts } from './shift-parts.ts';

/** How a look ended: the shift is to be looked at again, has ended, or belongs to somebody else by now. */
export type Carried = 'goes-on' | 'ended' | 'lost';

/** How long routers and sources may take over one look: one that is late makes the next look late, and one that is given up was no look at all. */
const patience = { leastMs: 2_000, mostMs: 5_000 };

/**
 * Brings a shift forward by one look: does what was decided before and is not known to be done, looks, decides under the lock of its row, and does what follows.
 * It may die anywhere: what was decided stands in the journal, and what the routers do is read from them.
 */
export async function carryShift(parts: ShiftParts, id: string): Promise<Carried> {
  const before = await readShift(parts.engine.store, id);
  if (before === null || before.endedAt !== null) return 'ended';
  if (before.pending.length > 0 && !(await doActions(parts, before))) return 'lost';
  // What is over is not looked at any more; only what was left to do was done.
  if (isOver(before.stands)) return (await readLookAt(parts.engine.store, id)) === null ? 'ended' : 'goes-on';
  const decided = await lookAndDecide(parts, before);
  if (decided === null) return 'lost';
  if (decided.pending.length > 0 && !(await doActions(parts, decided))) return 'lost';
  return (await readLookAt(parts.engine.store, id)) === null ? 'ended' : 'goes-on';
}

async function lookAndDecide(parts: ShiftParts, before: Shift): Promise<Shift | null> {
  const { rollout } = before.declared;
  const patienceMs = Math.min(patience.mostMs, Math.max(patience.leastMs, rollout.intervalMs));
  const ahead = rollout.phases.slice(Math.max(0, before.state.phase));
  // A shadow that is gone after its phase is nobody's trouble.
  const measures = rollout.measures.filter((measure) => ahead.some((phase) => isJudgedIn(measure, phase)));
  const [seen, incidents] = await Promise.all([
    lookOnce(parts.connections, measures, patienceMs),
    readIncidents(parts.connections, before.launch, patienceMs),
  ]);
  const bars = await readBars(parts, before);
  failpoint('rollout.looked');
  const decided = await parts.engine.store.tables.transaction().execute(async (tx) => {
    const shift = await lockShift(tx, before.id);
    if (shift === null || shift.endedAt !== null) return shift;
    if (!(await parts.locks.confirm(tx))) return null;
    const { write } = decideShift(shift, { kind: 'tick', atMs: parts.now(), ...seen, ...bars, incidents }, parts);
    const written = await writeDecided(tx, shift, write);
    failpoint('rollout.decide.before-commit');
    return written;
  });
  failpoint('rollout.decided');
  return decided;
}
