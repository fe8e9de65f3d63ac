import type { Run } from '../../../api/client.generated.ts';

/** One thing that is another now. */
export interface RunChange {
  kind: 'state' | 'step' | 'hold' | 'lifted' | 't0' | 'return';
  /** Title of a step, reason of a hold; empty where it is about the run. */
  of: string;
  from: string;
  to: string;
}

/** What a person who saw `before` has not seen of `now`, the run first. */
export function changesBetween(before: Run, now: Run): RunChange[] {
  const changes: RunChange[] = [];
  if (before.state !== now.state) changes.push({ kind: 'state', of: '', from: before.state, to: now.state });
  if (before.returnPoint.state !== now.returnPoint.state)
    changes.push({ kind: 'return', of: '', from: before.returnPoint.state, to: now.returnPoint.state });
  const [from, to] = [toUtc(before.count?.t0Ms ?? null), toUtc(now.count?.t0Ms ?? null)];
  if (from !== to) changes.push({ kind: 't0', of: '', from, to });
  const [held, holds] = [new Set(before.holds.map(({ id }) => id)), new Set(now.holds.map(({ id }) => id))];
  for (const { id, reason } of now.holds)
    if (!held.has(id)) changes.push({ kind: 'hold', of: reason, from: '', to: id });
  for (const { id, reason } of before.holds)
    if (!holds.has(id)) changes.push({ kind: 'lifted', of: reason, from: id, to: '' });
  const states = new Map(before.steps.map(({ id, run }) => [id, run?.state ?? 'pending']));
  for (const { id, title, run } of now.steps) {
    const [was, is] = [states.get(id) ?? 'pending', run?.state ?? 'pending'];
    if (was !== is) changes.push({ kind: 'step', of: title, from: was, to: is });
  }
  return changes;
}

/** To the second: a T-0 that is expected is counted anew with every answer. */
function toUtc(ms: number | null): string {
  return ms === null
    ? ''
    : `${new Date(Math.round(ms / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
