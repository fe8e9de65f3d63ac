import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { httpReader, toSources } from '../../checks/http/reader.ts';
import { sendRequest } from '../../checks/send-request.ts';
import type { HopResult } from '../../checks/send-request.ts';
import { toPlainText } from '../../checks/unreadable.ts';
import { loadWorkspaceText } from '../../checks/workspace-file.ts';
import { judgeTexts } from '../expectations.ts';
import type { Judged } from '../expectations.ts';
import { createStepGuard } from '../guard-hosts.ts';
import { openTemplates } from '../open-templates.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import { isWrite } from './reader.ts';
import type { HttpRequest, HttpSpec } from './schema.ts';

/** Sends the request once. A redirect is an answer like any other: a write is not sent anywhere that the document does not name. */
export async function runHttp(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const { undo: _, probe: __, ...own } = written;
  if (context.signal.aborted) return toStopped('stopped before it began');
  const asked = await ask(own, context);
  if (!asked.ok) return asked.end;
  const { seen, shown, status } = asked;
  if (context.signal.aborted) return toStopped(`${shown}: stopped; whether it took effect is not known`, asked.facts);
  if (seen.outcome === 'pass') return toDone(`${shown}: ${status}`, asked.facts);
  return toFailed(`${shown}: ${seen.seen}`, asked.facts);
}

/** Asks by the probe request of the spec, which only reads: applied where its expectations hold, not applied where they do not, unknown where there is no answer to judge. */
export async function probeHttp(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { probe, timeout, limit, ca } = written as unknown as HttpSpec;
  if (probe === undefined) return { result: 'unknown', detail: 'the step has no probe' };
  const asked = await ask({ ...probe, timeout, limit, ca }, context);
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
async function ask(written: JsonObject, context: StepContext): Promise<Asked> {
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened;
  const spec = opened.spec as unknown as HttpSpec;
  const url = URL.parse(spec.url);
  const shown = opened.hide(`${spec.method} ${url?.origin ?? ''}${url?.pathname ?? spec.url}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return { ok: false, end: toFailed(`${shown}: expected an http or https URL without credentials, got another one`) };
  const ca = spec.ca === null ? { ok: true as const, text: null } : await loadWorkspaceText(context.workspace, spec.ca);
  if (!ca.ok) return { ok: false, end: toFailed(ca.trouble.message) };
  const limit = AbortSignal.timeout(spec.timeout);
  const result = await sendRequest({
    ...toRequest(spec, context),
    url,
    ca: ca.text,
    limit: spec.limit,
    guard: createStepGuard(context),
    signal: AbortSignal.any([context.signal, limit]),
  });
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
