import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { httpReader, toSources } from '../../checks/http/reader.ts';
import { sendRequest } from '../../checks/send-request.ts';
import type { HopRequest, HopResult } from '../../checks/send-request.ts';
import { toPlainText } from '../../checks/unreadable.ts';
import { loadWorkspaceText } from '../../checks/workspace-file.ts';
import { judgeTexts } from '../expectations.ts';
import type { Judged } from '../expectations.ts';
import type { TargetPolicy } from '../../target-policy.ts';
import { createStepGuard } from '../guard-hosts.ts';
import { openTemplates } from '../open-templates.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import { isWrite } from './reader.ts';
import type { HttpRequest, HttpSpec } from './schema.ts';

/** A request in its surroundings: the attempt that it is for, and the circuits of this process. */
export interface HttpScene {
  context: StepContext;
  policy: TargetPolicy;
}

/** Sends the request once. A redirect is an answer like any other: a write is not sent anywhere that the document does not name. */
export async function runHttp(written: JsonObject, scene: HttpScene): Promise<StepOutcome> {
  const { context } = scene;
  const { undo: _, probe: __, ...own } = written;
  if (context.signal.aborted) return toStopped('stopped before it began');
  const asked = await ask(own, scene);
  if (!asked.ok) return asked.end;
  const { seen, shown, status } = asked;
  if (context.signal.aborted) return toStopped(`${shown}: stopped; whether it took effect is not known`, asked.facts);
  if (seen.outcome === 'pass') return toDone(`${shown}: ${status}`, asked.facts);
  return toFailed(`${shown}: ${seen.seen}`, asked.facts);
}

/** Asks by the probe request of the spec, which only reads: applied where its expectations hold, not applied where they do not, unknown where there is no answer to judge. */
export async function probeHttp(written: JsonObject, scene: HttpScene): Promise<ProbeOutcome> {
  const { context } = scene;
  const { probe, timeout, limit, ca } = written as unknown as HttpSpec;
  if (probe === undefined) return { result: 'unknown', detail: 'the step has no probe' };
  const asked = await ask({ ...probe, timeout, limit, ca }, scene);
  if (!asked.ok) return { result: 'unknown', detail: asked.end.detail };
  const result = { pass: 'applied', fail: 'not_applied', unknown: 'unknown' } as const;
  return {
    result: context.signal.aborted ? 'unknown' : result[asked.seen.outcome],
    detail: toPlainText(`${asked.shown}: ${asked.seen.seen}`, 480),
  };
}

type Asked =
  | { ok: true; seen: Judged; shown: string; status: string; facts: JsonObject }
  | { ok: false; end: StepOutcome };

/** Sends what a spec says, and judges the answer by its expectations. Nothing that comes back holds the value of a secret. */
async function ask(written: JsonObject, { context, policy }: HttpScene): Promise<Asked> {
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened;
  const spec = opened.spec as unknown as HttpSpec;
  const url = URL.parse(spec.url);
  const shown = opened.hide(`${spec.method} ${url?.origin ?? ''}${url?.pathname ?? spec.url}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return { ok: false, end: toFailed(`${shown}: expected an http or https URL without credentials, got another one`) };
  const ca = spec.ca === null ? { ok: true as const, text: null } : await loadWorkspaceText(context.workspace, spec.ca);
  if (!ca.ok) return { ok: false, end: toFailed(ca.trouble.message) };
  const request = { ...toRequest(spec, context), url, ca: ca.text, limit: spec.limit, guard: createStepGuard(context) };
  const sent = await sendGuarded({ context, policy }, request, spec.timeout);
  if (typeof sent === 'string') return { ok: false, end: toFailed(`${shown}: ${sent}`) };
  const result = sent;
  const facts = toFacts(result);
  if (!result.ok) {
    const seen = {
      outcome: 'unknown' as const,
      seen: opened.hide(`${result.trouble.code}: ${result.trouble.message}`),
    };
    return { ok: true, seen, shown, status: 'no answer', facts };
  }
  const judged = judgeTexts((written as unknown as HttpSpec).expect, readAnswer(spec, result), context);
  const status = `status ${result.response.status}`;
  return { ok: true, seen: { ...judged, seen: opened.hide(judged.seen) }, shown, status, facts };
}

/** No answer at all, as the policy wants to be told of it. */
class NoAnswer extends Error {
  readonly result: HopResult;

  constructor(result: HopResult) {
    super('no answer');
    this.result = result;
  }
}

/** Sends by the circuit of the host; a text says why nothing was sent. */
async function sendGuarded(
  { context, policy }: HttpScene,
  request: Omit<HopRequest, 'signal'>,
  timeoutMs: number,
): Promise<HopResult | string> {
  const ended = await policy.call({
    host: request.url.host,
    repeatable: false,
    signal: context.signal,
    async send(signal) {
      const result = await sendRequest({
        ...request,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (!result.ok) throw new NoAnswer(result);
      const { status, headers } = result.response;
      return { status, retryAfter: [headers['retry-after'] ?? null].flat()[0] ?? null, result };
    },
  });
  if (ended.kind === 'answered') return ended.reply.result;
  // Whether it took effect is not known: it may have been on its way.
  if (ended.kind === 'stopped') return { ok: false, trouble: { code: 'stopped', message: 'asked to stop' } };
  if (ended.kind === 'refused') {
    const why = ended.reason === 'open' ? 'failed too often lately' : 'asked for a pause';
    return `expected a target that answers, got one that ${why}; nothing was sent, try again in ${Math.ceil(ended.retryAfterMs / 1_000)} s`;
  }
  if (ended.error instanceof NoAnswer) return ended.error.result;
  throw ended.error;
}

/** The request as it is sent; a write carries the key by which a target can refuse a repeat, and the fence by which it can refuse who came before. */
function toRequest(
  { method, headers, body, json }: HttpSpec,
  { idempotencyKey, fence }: StepContext,
): Pick<HttpRequest, 'method' | 'headers' | 'body'> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    headers: {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...own,
      ...(isWrite(method) ? { 'idempotency-key': idempotencyKey, 'tminus-fence': String(fence) } : {}),
    },
    body: json === undefined ? body : JSON.stringify(json),
  };
}

function readAnswer({ url, method }: HttpSpec, { response }: Extract<HopResult, { ok: true }>) {
  const { body, ...rest } = response;
  // Only ages of certificates are told from this time, and a step judges none.
  const exchange = { ...rest, url, method, hops: [], at: '1970-01-01T00:00:00.000Z' };
  return httpReader.parse({}, toSources(exchange, body));
}

function toFacts(result: HopResult): JsonObject {
  if (!result.ok) return { trouble: result.trouble.code };
  const { status, body, timings } = result.response;
  return { status, bytes: body.byteLength, latencyMs: timings.totalMs };
}
