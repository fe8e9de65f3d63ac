import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  TimeoutStrategy,
  circuitBreaker,
  handleWhen,
  timeout,
} from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';

import { toRetryAfterMs } from './retry-after.ts';
import type { TargetCall, TargetEvent, TargetPolicySettings, TargetReply, TargetResult } from './target-policy.ts';

/** What is known of one host, and the one way to call it. */
export interface TargetHost {
  /** Sends one request, or refuses; `tries` goes into the result. */
  tryOnce<Reply extends TargetReply>(call: TargetCall<Reply>, tries: number): Promise<TargetResult<Reply>>;
  /** For how long the host asked to be left alone, from now. */
  pausedMs(): number;
  state(): 'closed' | 'open' | 'half_open';
  tell(kind: TargetEvent['kind'], waitMs?: number): void;
}

/** The caller has stopped: that says nothing about the target. */
class Stopped extends Error {}

/** Carries an answer that counts against the target past the circuit. */
class BadReply extends Error {
  readonly reply: TargetReply;
  constructor(reply: TargetReply) {
    super(`status ${reply.status}`);
    this.reply = reply;
  }
}

/** Returns a host with its circuit closed. */
export function openTargetHost(
  name: string,
  settings: TargetPolicySettings,
  report: (event: TargetEvent) => void,
): TargetHost {
  const tell = (kind: TargetEvent['kind'], waitMs?: number) => report({ host: name, kind, waitMs: waitMs ?? null });
  const { circuit, openMs } = createCircuit(settings, tell);
  let pausedUntil = 0;
  const notePause = ({ status, retryAfter }: TargetReply): void => {
    const waitMs = status === 429 || status === 503 ? toRetryAfterMs(retryAfter, Date.now()) : null;
    if (waitMs === null) return;
    pausedUntil = Math.max(pausedUntil, Date.now() + waitMs);
    tell('paused', waitMs);
  };
  return {
    async tryOnce(call, tries) {
      const send = async (): Promise<TargetReply> => {
        const reply = await sendInTime(call, settings.timeoutMs, () => tell('timed_out'));
        notePause(reply);
        if (reply.status >= 500) throw new BadReply(reply);
        return reply;
      };
      try {
        return { kind: 'answered', reply: (await circuit.execute(send, call.signal)) as never, tries };
      } catch (error) {
        if (call.signal.aborted) return { kind: 'stopped' };
        if (error instanceof BrokenCircuitError) return { kind: 'refused', reason: 'open', retryAfterMs: openMs() };
        if (error instanceof BadReply) return { kind: 'answered', reply: error.reply as never, tries };
        return { kind: 'failed', error, tries };
      }
    },
    pausedMs: () => Math.max(0, pausedUntil - Date.now()),
    state: () => stateNames[circuit.state],
    tell,
  };
}

const stateNames = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
} as const;

function createCircuit(
  { failures, openMs, successes }: TargetPolicySettings,
  tell: TargetHost['tell'],
): { circuit: CircuitBreakerPolicy; openMs: () => number } {
  let openUntil = 0;
  // A call that its caller ended is nothing to the circuit while it is closed; in half-open it would count as a success if it did not count against it.
  const trouble = handleWhen(
    (error): boolean => !(error instanceof Stopped) || circuit.state === CircuitState.HalfOpen,
  );
  const circuit = circuitBreaker(trouble, {
    halfOpenAfter: openMs,
    breaker: new ConsecutiveBreaker(failures),
    halfOpenSampling: { calls: successes, threshold: 0 },
  });
  circuit.onBreak(() => {
    openUntil = Date.now() + openMs;
    tell('opened');
  });
  circuit.onHalfOpen(() => tell('half_opened'));
  circuit.onReset(() => tell('closed'));
  return { circuit, openMs: () => Math.max(0, openUntil - Date.now()) };
}

/** One limit for the whole answer: a target that sends its headers and then nothing is late, too. */
async function sendInTime<Reply extends TargetReply>(
  call: TargetCall<Reply>,
  timeoutMs: number,
  late: () => void,
): Promise<Reply> {
  const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  limit.onTimeout(() => call.signal.aborted || late());
  try {
    return await limit.execute((context) => call.send(context.signal), call.signal);
  } catch (error) {
    if (call.signal.aborted) throw new Stopped();
    throw error;
  }
}
