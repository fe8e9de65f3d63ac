import type { RouterContext } from '../../src/core/rollout/router-kind.ts';

/** A context that allows the loopback, with a clock that stands. */
export function routerContext(changes: Partial<RouterContext> = {}): RouterContext {
  return {
    signal: new AbortController().signal,
    workspace: '/nowhere',
    allow: ['127.0.0.1'],
    forbidden: [],
    secret: null,
    now: () => 1_790_000_000_000,
    ...changes,
  };
}
