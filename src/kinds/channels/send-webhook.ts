import { createHmac } from 'node:crypto';

import type { StepContext } from '../../core/step/step-kind.ts';
import { sendRequest } from '../checks/send-request.ts';
import { createStepGuard } from '../steps/guard-hosts.ts';
import type { Message, Sending } from './message.ts';

/**
 * Posts the message as JSON. `tminus-signature` is `t=SECONDS,v1=HEX`: HMAC-SHA256 of the time, a dot and the very bytes of the body, so that a message cannot be changed
 * or be sent again later by somebody else; `idempotency-key` is the same for every attempt.
 */
export async function sendWebhook(
  message: Message,
  to: { url: string; key: string | null; signal: AbortSignal },
  context: Pick<StepContext, 'now' | 'idempotencyKey' | 'fence' | 'allow' | 'forbidden'>,
): Promise<Sending> {
  const url = URL.parse(to.url);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return { ok: false, reason: 'expected an http or https URL without credentials, got another one' };
  const body = JSON.stringify(message);
  const seconds = Math.floor(context.now() / 1000);
  const signature = to.key === null ? null : createHmac('sha256', to.key).update(`${seconds}.${body}`).digest('hex');
  const result = await sendRequest({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': context.idempotencyKey,
      'tminus-fence': String(context.fence),
      ...(signature === null ? {} : { 'tminus-signature': `t=${seconds},v1=${signature}` }),
    },
    body,
    ca: null,
    limit: 64 * 1024,
    guard: createStepGuard(context),
    signal: to.signal,
  });
  if (!result.ok) return { ok: false, reason: `${result.trouble.code}: ${result.trouble.message}` };
  const { status } = result.response;
  return status >= 200 && status < 300
    ? { ok: true, facts: { status } }
    : { ok: false, reason: `expected status 2xx, got ${status}` };
}
