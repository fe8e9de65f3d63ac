import type { JsonObject } from '@tminus/verify';

import type { Effect, StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { dnsStepSchema } from './schema.ts';
import type { DnsStepSpec } from './schema.ts';
import { describeRecords } from './standing.ts';

/** Reads the step kind `dns`: one record set changed on its primary server. */
export const dnsStepReader: StepReader = {
  kind: 'dns',
  summary:
    'Changes one record set of a zone in one signed message (RFC 2136, TSIG), only where the old records still stand, and reads back what stands then.',
  jsonSchema: toJsonSchema(dnsStepSchema),
  readSpec: (written) => readStepSchema(dnsStepSchema, written),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'medium_modify',
  listEffects,
  undoSpec,
};

function listEffects(spec: JsonObject): Effect[] {
  const { server, name, type, from, to, ttl } = spec as unknown as DnsStepSpec;
  const change = `from ${describeRecords(from.values, from.ttl)} to ${describeRecords(to, ttl)}`;
  const does = to.length === 0 ? 'delete' : 'write';
  return [{ does, target: `dns ${name} ${type}`, text: `${change} on ${server}, where the old records still stand` }];
}

/**
 * The change backwards. A time to live that nobody wrote down stays as short as it became; where it was all that changed, nobody can tell what to
 * go back to.
 */
function undoSpec(spec: JsonObject): JsonObject | null {
  const { from, to, ttl } = spec as unknown as DnsStepSpec;
  const undo = { ...spec, from: { values: to, ttl }, to: from.values, ttl: from.ttl ?? ttl };
  return readStepSchema(dnsStepSchema, undo).ok ? undo : null;
}
