import type { MetricContext } from '../../core/rollout/metric-source-kind.ts';
import { sendRequest } from '../checks/send-request.ts';
import { createStepGuard } from '../steps/guard-hosts.ts';

/** What a server answered, or why nothing of it can be used. */
export type Fetched = { ok: true; status: number; mediaType: string; body: Uint8Array } | { ok: false; reason: string };

const mostBytes = 32 * 1024 ** 2;

/** Returns the answer to one request that reads. Never throws: what goes wrong is a reason. The secret, where there is one, goes along as a bearer token. */
export async function fetchBody(url: URL, timeoutMs: number, context: MetricContext): Promise<Fetched> {
  const headers: { [name: string]: string } =
    context.secret === null ? {} : { authorization: `Bearer ${context.secret.exposeText()}` };
  try {
    const sent = await sendRequest({
      method: 'GET',
      url,
      headers,
      body: null,
      ca: null,
      limit: mostBytes,
      guard: createStepGuard(context),
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!sent.ok) return { ok: false, reason: sent.trouble.message };
    const { status, headers: answered, body } = sent.response;
    return { ok: true, status, mediaType: String(answered['content-type'] ?? ''), body };
  } catch (error) {
    return { ok: false, reason: `${url.host}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
