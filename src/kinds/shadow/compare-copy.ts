import { compareAnswers } from '../../core/rollout/shadow/compare-answers.ts';
import type { ShadowAnswer } from '../../core/rollout/shadow/compare-answers.ts';
import { noAnswer } from '../../core/rollout/shadow/shadow-tally.ts';
import type { ShadowOutcome } from '../../core/rollout/shadow/shadow-tally.ts';
import { askAgain } from './ask-again.ts';
import type { Forwarded, Upstream } from './forward-request.ts';
import type { CopySettings } from './start-copies.ts';

/** What copies are sent with. */
interface CopyGround {
  wish: CopySettings['wish'];
  /** Of copies; clients have connections of their own. */
  upstreams: { stable: Upstream; canary: Upstream };
  ending: AbortController;
}

/** The header that every copy carries: by it an app knows that nobody waits for what it does. */
const mark = { 'x-tminus-shadow': '1' };
const safe = new Set(['GET', 'HEAD']);

/**
 * Sends a copy of a request to the canary, and holds its answer against the one that the client had. The stable arm is asked again at the same time, where that changes
 * nothing: what differs then is noise.
 */
export async function compareCopy(
  forwarded: Forwarded,
  { wish, upstreams, ending }: CopyGround,
): Promise<ShadowOutcome> {
  const { answer } = forwarded;
  if (answer?.body === undefined || answer.body === null || forwarded.body === null) return { state: 'uncompared' };
  const seen: ShadowAnswer = { ...answer, body: Buffer.from(answer.body).toString('utf8') };
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(wish.timeoutMs)]);
  const ask = (upstream: Upstream): ReturnType<typeof askAgain> =>
    askAgain(forwarded, { upstream, headers: { ...wish.headers, ...mark }, limit: wish.bodyLimit, signal });
  const [canary, again] = await Promise.all([
    ask(upstreams.canary),
    safe.has(forwarded.method) ? ask(upstreams.stable) : Promise.resolve(null),
  ]);
  // What was cut off by the end of this process is nobody's answer.
  if (ending.signal.aborted) return { state: 'dropped' };
  if (canary === 'too_large' || again === 'too_large') return { state: 'uncompared' };
  const differ = (other: ShadowAnswer): string[] => compareAnswers(seen, other, wish);
  const noise = again === null ? null : again === 'failed' ? [noAnswer] : differ(again);
  return canary === 'failed' ? { state: 'failed', noise } : { state: 'compared', raw: differ(canary), noise };
}
