import type { Claim } from '../delivery.ts';
import type { Chore } from '../advance/work-queues.ts';
import { keepMessage } from '../../store/message.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Keeps what people have to be told, once, whatever happens to the worker in between. */
export async function tellPeople(
  parts: WorkerParts,
  claim: Claim,
  { run, what, people, text }: Extract<Chore, { do: 'tell' }>,
): Promise<void> {
  await parts.delivery.settleAndSend(claim, async (tx) => {
    await keepMessage(tx, { run, what, people, body: parts.masking.maskText(text) });
    return [];
  });
}
