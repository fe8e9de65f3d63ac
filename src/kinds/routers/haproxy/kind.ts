import type { RouterKind } from '../../../core/rollout/router-kind.ts';
import { haproxyOptions } from './schema.ts';

/** HAProxy 2.2 or later, by its runtime API. */
export const haproxyKind: RouterKind = {
  kind: 'haproxy',
  summary:
    'Weights of two groups of servers, or a map for rules by user, set in a running HAProxy without a reload; no request is lost',
  jsonSchema: haproxyOptions.jsonSchema,
  faults: haproxyOptions.faults,
  open: async (written, context) => {
    const options = haproxyOptions.read(written);
    const { openHaproxySession } = await import('./open-session.ts');
    return await openHaproxySession(options, context);
  },
};
