import { TaskCancelledError } from 'cockatiel';

import { RouterTrouble } from '../../core/rollout/router-kind.ts';
import type { RouterContext } from '../../core/rollout/router-kind.ts';
import { toNetworkTrouble } from '../checks/network-trouble.ts';
import { createTargetPolicy } from '../target-policy.ts';

/** One question to a router; sent a second time where it was not answered and `repeatable` says that this does no harm. */
export interface RouterCall<Answer> {
  host: string;
  repeatable: boolean;
  send: (signal: AbortSignal) => Promise<Answer>;
}

/** Asks a router, and throws `RouterTrouble` for whatever goes wrong. */
export type AskRouter = <Answer>(call: RouterCall<Answer>) => Promise<Answer>;

/** A circuit that is open would refuse the very call that takes a bad canary out: here none ever opens. */
const never = Number.MAX_SAFE_INTEGER;

/** Returns how a session asks its router: each try within its time, one try more, and ended with the signal of the session. */
export function createRouterCalls({ signal }: Pick<RouterContext, 'signal'>, timeoutMs: number): AskRouter {
  const policy = createTargetPolicy({ timeoutMs, retries: 1, backoffMs: 50, failures: never });
  return async ({ host, repeatable, send }) => {
    const result = await policy.call({
      host,
      repeatable,
      signal,
      send: async (tried) => ({ status: 200, retryAfter: null, answer: await send(tried) }),
    });
    if (result.kind === 'answered') return result.reply.answer;
    if (result.kind === 'stopped' || signal.aborted) throw new RouterTrouble('aborted', `${host}: cancelled`);
    const error = result.kind === 'failed' ? result.error : null;
    if (error instanceof RouterTrouble) throw error;
    if (error instanceof TaskCancelledError)
      throw new RouterTrouble('timeout', `${host}: expected an answer within ${timeoutMs} ms, got none`);
    const { code, message } = toNetworkTrouble(error ?? new Error('refused'), host);
    throw new RouterTrouble(code === 'egress_blocked' ? 'host_forbidden' : 'unreachable', message);
  };
}
