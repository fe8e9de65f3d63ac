import type { CloudEvent } from '../../core/webhook/to-cloud-event.ts';
import { createEgressGuard } from '../../kinds/checks/guarded-lookup.ts';
import { portOf, sendRequest } from '../../kinds/checks/send-request.ts';
import { judgeAddress, toHost } from '../../kinds/checks/egress.ts';
import type { StoredWebhook } from '../../store/webhook.ts';
import { signWebhook } from './sign-webhook.ts';
import type { WebhookParts } from './webhook-parts.ts';

/** How a message was taken. `later` was not sent, because the target asked for a pause or its circuit is open. */
export type Sent =
  | { kind: 'taken'; status: number }
  | { kind: 'refused'; gone: boolean; reason: string }
  | { kind: 'later'; afterMs: number }
  | { kind: 'stopped' };

interface Message {
  webhook: StoredWebhook;
  event: CloudEvent;
  key: Uint8Array;
  signal: AbortSignal;
}

/** An answer is read to its end and thrown away; nobody needs more of it. */
const answerBytes = 64 * 1024;

/**
 * Posts one event, signed. The address that the socket connects to is judged as for checks: inside only where whoever runs this worker allows it, never after a redirect,
 * because none is followed. What a target answers ends nowhere but in a status.
 */
export async function sendEvent({ policy, allow }: WebhookParts, message: Message): Promise<Sent> {
  const url = new URL(message.webhook.url);
  if (url.protocol !== 'https:' && !isAllowed(url, allow))
    return { kind: 'refused', gone: false, reason: `${url.host}: expected https, got ${url.protocol.slice(0, -1)}` };
  const result = await policy.call({
    host: url.host,
    repeatable: false,
    signal: message.signal,
    send: async (signal) => {
      const sent = await post(url, { ...message, signal }, allow);
      if (!sent.ok) throw new Error(`${sent.trouble.code}: ${sent.trouble.message}`);
      const { status, headers } = sent.response;
      return { status, retryAfter: [headers['retry-after'] ?? null].flat()[0] ?? null };
    },
  });
  if (result.kind === 'stopped') return { kind: 'stopped' };
  if (result.kind === 'refused') return { kind: 'later', afterMs: result.retryAfterMs };
  if (result.kind === 'failed') return { kind: 'refused', gone: false, reason: toReason(result.error) };
  const { status } = result.reply;
  if (status >= 200 && status < 300) return { kind: 'taken', status };
  return { kind: 'refused', gone: status === 410, reason: `${url.host}: expected status 2xx, got ${status}` };
}

function post(url: URL, { event, key, signal }: Message, allow: readonly string[]): ReturnType<typeof sendRequest> {
  const body = JSON.stringify(event);
  const id = `evt_${event.id.replaceAll('.', '_')}`;
  const signed = signWebhook(key, { id, seconds: Math.floor(Date.now() / 1000), body });
  return sendRequest({
    method: 'POST',
    url,
    // CloudEvents HTTP binding 1.0, section 3.2: structured mode.
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', ...signed },
    body,
    ca: null,
    limit: answerBytes,
    guard: createEgressGuard(allow),
    signal,
  });
}

/** Whether somebody has named this host: judged as an address that only a name in the list opens. */
function isAllowed(url: URL, allow: readonly string[]): boolean {
  return judgeAddress('127.0.0.1', { host: toHost(url.hostname), port: portOf(url), allow }).allowed;
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
