import type { Claim } from '../delivery.ts';
import type { Chore } from '../advance/work-queues.ts';
import { sweepRun } from './sweep-run.ts';
import { sendMessage, tellPeople } from './tell-people.ts';
import { lookAtWatch } from './look-at-watch.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Carries out one job of the queue of chores. */
export async function handleChore(parts: WorkerParts, claim: Claim): Promise<void> {
  const chore = claim.data as unknown as Chore;
  if (chore.do === 'watch') await lookAtWatch(parts, claim, chore);
  else if (chore.do === 'begin')
    await parts.advancer.advance({ run: chore.run, input: { kind: 'start' }, settle: claim });
  else if (chore.do === 'send') await sendMessage(parts, claim, chore);
  else if (chore.do === 'tell') await tellPeople(parts, claim, chore);
  else await sweepRun(parts, claim, chore);
}
