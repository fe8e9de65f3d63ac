import { make } from './draft.ts';
import type { Draft } from './draft.ts';

/** Crosses the point of no return, once, and announces it (C16). `by` is the step or the declared point that crossed it. */
export function crossReturn(draft: Draft, by: string, reason: string): void {
  if (draft.run.returnPoint.state === 'crossed') return;
  const returnPoint = { state: 'crossed' as const, by, atMs: draft.nowMs, announced: true };
  make(draft, { kind: 'return_moved', returnPoint, reason });
  make(draft, { kind: 'announce', what: 'return_crossed', text: reason });
}
