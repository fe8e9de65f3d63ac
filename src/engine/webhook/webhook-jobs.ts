import { createHash } from 'node:crypto';

import type { CloudEvent } from '../../core/webhook/to-cloud-event.ts';
import type { NewJob } from '../delivery.ts';
import { webhookQueue } from '../advance/work-queues.ts';

/** What a job of `webhooks` says. It holds the event itself, so that it can be sent after the event is no longer kept. */
export interface WebhookJob {
  webhook: string;
  /** Cursor of the event; null for one that is no event of the store, such as a test. */
  cursor: number | null;
  event: CloudEvent;
}

/** Returns the job that sends an event; the same event of the same epoch is the same job. No order is kept between events: their `sequence` tells it. */
export function toWebhookJob(
  { id, epoch }: { id: string; epoch: number },
  event: CloudEvent,
  cursor: number | null,
): NewJob {
  const data: WebhookJob = { webhook: id, cursor, event };
  return {
    queue: webhookQueue.name,
    key: `${id} ${epoch} ${event.id}`,
    id: toUuid(`${id} ${epoch} ${event.id}`),
    data: { ...data },
  };
}

/** A UUID of the custom kind (RFC 9562 section 5.8) that follows from a text. */
function toUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
