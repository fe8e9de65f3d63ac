import { keepMessage } from '../../store/message.ts';
import { failpoint } from '../../store/failpoint.ts';
import { loadRuns } from '../../store/run.ts';
import { choreQueue } from '../advance/work-queues.ts';
import type { Chore } from '../advance/work-queues.ts';
import type { Claim, NewJob } from '../delivery.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Keeps what people have to be told, once, whatever happens to the worker in between; and has it sent where there is somewhere to send it to. */
export async function tellPeople(
  parts: WorkerParts,
  claim: Claim,
  { run, what, people, text }: Extract<Chore, { do: 'tell' }>,
): Promise<void> {
  const body = parts.masking.maskText(text);
  await parts.delivery.settleAndSend(claim, async (tx) => {
    const message = await keepMessage(tx, { run, what, people, body });
    failpoint('tell.written');
    return parts.announce === null ? [] : [sendJob({ do: 'send', run, message, what, people, text: body })];
  });
}

/** A key of its own for each message: one that cannot be sent holds up no other. */
function sendJob(data: Extract<Chore, { do: 'send' }>): NewJob {
  return { queue: choreQueue.name, key: `send/${data.message}`, data: { ...data } };
}

/** Sends a message; one that was not taken is tried again, and ends as a dead letter that somebody sees. */
export async function sendMessage(
  { announce, store, shelf }: WorkerParts,
  { signal }: Claim,
  { run: id, message, what, people, text }: Extract<Chore, { do: 'send' }>,
): Promise<void> {
  const stored = (await loadRuns(store, [id])).get(id);
  if (announce === null || !stored) return;
  const launch = await shelf.find(stored.launch, stored.run.plan.planHash);
  await announce({ key: `${id}/message/${message}`, launch, run: stored.run, what, people, text, signal });
}
