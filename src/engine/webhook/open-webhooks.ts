import { webhookQueue } from '../advance/work-queues.ts';
import type { Workers } from '../delivery.ts';
import { deliverEvent } from './deliver-event.ts';
import { enqueueEvents } from './enqueue-events.ts';
import { createKeyFinder } from './find-signing-key.ts';
import { readSigningKey } from './sign-webhook.ts';
import type { WebhookParts } from './webhook-parts.ts';

/** Sends events to webhooks, as long as it is open. */
export interface Webhooks {
  close(): Promise<void>;
}

const everyMs = 500;
/** A receiver that is away fills the queue no further: what comes then waits where it is, in the events. */
const mostWaiting = 5_000;
const slots = 4;

/** Opens the sending of this process: jobs are made of new events, and carried out. */
export async function openWebhooks(parts: WebhookParts): Promise<Webhooks> {
  const { delivery, report } = parts;
  const findKey = createKeyFinder(parts, readSigningKey);
  const workers: Workers = await delivery.work(webhookQueue.name, (claim) => deliverEvent(parts, findKey, claim), {
    slots,
  });
  const ending = new AbortController();
  let timer: NodeJS.Timeout;
  let turning: Promise<void> = Promise.resolve();
  const plan = (): void => {
    timer = setTimeout(() => {
      turning = enqueueAll(parts, ending.signal)
        .catch(report)
        .finally(() => ending.signal.aborted || plan());
    }, everyMs).unref();
  };
  plan();
  return {
    async close() {
      ending.abort();
      clearTimeout(timer);
      await turning;
      await workers.drain();
    },
  };
}

async function enqueueAll(parts: WebhookParts, signal: AbortSignal): Promise<void> {
  const { store, delivery } = parts;
  let looked = 0;
  do looked = await enqueueEvents(store, delivery);
  while (looked > 0 && !signal.aborted && !(await isFull(parts)));
}

async function isFull({ delivery }: WebhookParts): Promise<boolean> {
  const health = await delivery.health();
  if (health.state !== 'known') return true;
  const own = health.queues.find(({ queue }) => queue === webhookQueue.name);
  return own !== undefined && own.waiting + own.delayed >= mostWaiting;
}
