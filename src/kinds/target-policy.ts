import { setTimeout as pause } from 'node:timers/promises';

import { openTargetHost } from './target-host.ts';
import type { TargetHost } from './target-host.ts';

/** How targets are treated that do not answer as they should. */
export interface TargetPolicySettings {
  /** So many failures in a row open the circuit of a host. */
  failures: number;
  /** How long an open circuit refuses; then it lets calls try. */
  openMs: number;
  /** So many successes in a row close it again; one failure among them opens it. */
  successes: number;
  /** For one try from its start to the last byte of its answer. */
  timeoutMs: number;
  /** Further tries of a call that may be repeated. */
  retries: number;
  /** Pause before the first further try; each one after doubles it, up to `backoffMaxMs`. */
  backoffMs: number;
  backoffMaxMs: number;
  /** The longest wait that a target may ask for by Retry-After; a call that would have to wait longer is answered at once. */
  longestPauseMs: number;
}

/** What a policy has to know of an answer. */
export interface TargetReply {
  status: number;
  /** Header Retry-After as it came. */
  retryAfter: string | null;
}

/** How a call ended: an answer, whatever its status; no answer; or not sent, because the target is known to be down or asked for a pause. */
export type TargetResult<Reply> =
  | { kind: 'answered'; reply: Reply; tries: number }
  | { kind: 'failed'; error: unknown; tries: number }
  | { kind: 'refused'; reason: 'open' | 'paused'; retryAfterMs: number }
  | { kind: 'stopped' };

/** What happened to a host, for monitoring. */
export interface TargetEvent {
  host: string;
  kind: 'opened' | 'half_opened' | 'closed' | 'timed_out' | 'retried' | 'paused';
  /** Of `retried` and `paused`: how long. */
  waitMs: number | null;
}

/** One call; `signal` ends when the try has used its time or the caller stops. */
export interface TargetCall<Reply extends TargetReply> {
  host: string;
  /** Whether a second request would do no harm. One that may not be repeated is tried once. */
  repeatable: boolean;
  signal: AbortSignal;
  /** Sends the request and reads the whole answer; throws where there is none. */
  send(signal: AbortSignal): Promise<Reply>;
}

/** Calls to targets with a limit of time, further tries, and a circuit for each host. */
export interface TargetPolicy {
  call<Reply extends TargetReply>(call: TargetCall<Reply>): Promise<TargetResult<Reply>>;
  state(host: string): 'closed' | 'open' | 'half_open';
}

const defaults: TargetPolicySettings = {
  failures: 5,
  openMs: 60_000,
  successes: 3,
  timeoutMs: 30_000,
  retries: 3,
  backoffMs: 500,
  backoffMaxMs: 10_000,
  longestPauseMs: 60_000,
};

/**
 * Returns a policy whose circuits live as long as it does: one per process, for all steps. No answer, a timeout and a status from 500 on count against
 * a host; 429 does not, since a target that counts its callers is well. Retry-After of 429 and 503 is waited for by every caller of the host (RFC 9110 10.2.3).
 */
export function createTargetPolicy(
  settings: Partial<TargetPolicySettings> = {},
  report: (event: TargetEvent) => void = () => undefined,
): TargetPolicy {
  const hosts = new Map<string, TargetHost>();
  const all = { ...defaults, ...settings };
  const find = (name: string): TargetHost => {
    const host = hosts.get(name) ?? openTargetHost(name, all, report);
    hosts.set(name, host);
    return host;
  };
  return {
    call: (call) => callHost(find(call.host), all, call),
    state: (name) => find(name).state(),
  };
}

async function callHost<Reply extends TargetReply>(
  host: TargetHost,
  settings: TargetPolicySettings,
  call: TargetCall<Reply>,
): Promise<TargetResult<Reply>> {
  let last: TargetResult<Reply> | null = null;
  for (let tries = 1; ; tries += 1) {
    const waitMs = Math.max(host.pausedMs(), last === null ? 0 : toBackoffMs(settings, tries - 1));
    if (waitMs > settings.longestPauseMs) return last ?? { kind: 'refused', reason: 'paused', retryAfterMs: waitMs };
    if (last !== null) host.tell('retried', waitMs);
    await pause(waitMs, undefined, { signal: call.signal }).catch(() => undefined);
    if (call.signal.aborted) return { kind: 'stopped' };
    const result = await host.tryOnce(call, tries);
    // The circuit opened under this call: what the target said before tells more than that nothing was sent now.
    if (result.kind === 'refused') return last ?? result;
    if (!isWorthAnother(result) || !call.repeatable || tries > settings.retries) return result;
    last = result;
  }
}

function isWorthAnother(result: TargetResult<TargetReply>): boolean {
  return (
    result.kind === 'failed' ||
    (result.kind === 'answered' && (result.reply.status >= 500 || result.reply.status === 429))
  );
}

/** Doubles from try to try; up to a half less, so that callers that failed together do not come back together. */
function toBackoffMs({ backoffMs, backoffMaxMs }: TargetPolicySettings, failed: number): number {
  return Math.min(backoffMaxMs, backoffMs * 2 ** Math.min(failed - 1, 30)) * (1 - Math.random() / 2);
}
