import { sendWebhook } from '../../kinds/channels/send-webhook.ts';
import type { WorkerParts } from '../worker/worker-parts.ts';

/** Where the messages of all runs of a worker go. */
export interface AnnounceTo {
  url: string;
  /** Signs each message with HMAC-SHA256; null leaves it unsigned. */
  key: string | null;
}

const limitMs = 15_000;

/**
 * Returns what sends messages to a webhook as far as the comms of their environment allow: in mode `test` to the test address of the document, and nowhere in
 * mode `off`. A message that was sent twice has the same `idempotency-key`.
 */
export function announceByWebhook({ url, key }: AnnounceTo): NonNullable<WorkerParts['announce']> {
  return async ({ key: idempotencyKey, launch, run, what, people, text, signal }) => {
    const environment = launch.environments.find(({ id }) => id === run.plan.environment.id);
    const target = { on: url, test: environment?.testWebhook ?? null, off: null }[environment?.comms ?? 'off'];
    if (target === null) return;
    const subject = `${launch.id} ${run.id}: ${what.replaceAll('_', ' ')}`;
    const body = people.length === 0 ? text : `${text} (${people.join(', ')})`;
    const sent = await sendWebhook(
      { subject, text: body, key: idempotencyKey, mode: run.mode },
      { url: target, key, signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]) },
      { now: Date.now, idempotencyKey, fence: 0, allow: [URL.parse(target)?.host ?? ''], forbidden: [] },
    );
    if (!sent.ok) throw new Error(`webhook ${URL.parse(target)?.host ?? ''}: ${sent.reason}`);
  };
}
