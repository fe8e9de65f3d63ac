import type { RouterKind } from '../../../core/rollout/router-kind.ts';
import { gatewayOptions } from './schema.ts';

/** A route of the Gateway API of Kubernetes. */
export const gatewayKind: RouterKind = {
  kind: 'gateway',
  summary:
    'Weights of two services in an HTTPRoute of the Kubernetes Gateway API, set by a patch and believed once every gateway has accepted them',
  jsonSchema: gatewayOptions.jsonSchema,
  faults: gatewayOptions.faults,
  open: async (written, context) => {
    const options = gatewayOptions.read(written);
    const { openGatewaySession } = await import('./open-session.ts');
    return await openGatewaySession(options, context);
  },
};
