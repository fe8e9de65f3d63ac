import type { RouterKind } from '../../../core/rollout/router-kind.ts';
import { argoOptions } from './schema.ts';

/** A Rollout of Argo. */
export const argoKind: RouterKind = {
  kind: 'argo',
  summary:
    'A Rollout of Argo that is told to go on, to go the whole way or to go back; its own controller moves the traffic, and its status is believed',
  jsonSchema: argoOptions.jsonSchema,
  faults: argoOptions.faults,
  open: async (written, context) => {
    const options = argoOptions.read(written);
    const { openArgoSession } = await import('./open-session.ts');
    return await openArgoSession(options, context);
  },
};
