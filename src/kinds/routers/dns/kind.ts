import type { RouterKind } from '../../../core/rollout/router-kind.ts';
import { dnsOptions } from './schema.ts';

/** A name whose records are exchanged. */
export const dnsKind: RouterKind = {
  kind: 'dns',
  summary:
    'Records of a name that are flipped by a signed update, only where the old ones still stand and once every answer with the old time to live has run out',
  jsonSchema: dnsOptions.jsonSchema,
  faults: dnsOptions.faults,
  open: async (written, context) => {
    const options = dnsOptions.read(written);
    const { openDnsSession } = await import('./open-session.ts');
    return await openDnsSession(options, context);
  },
};
