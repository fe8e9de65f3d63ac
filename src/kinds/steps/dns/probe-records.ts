import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext } from '../../../core/step/step-kind.ts';
import { openServer } from './open-server.ts';
import { readStanding } from './read-standing.ts';
import { compareStanding, describeRecords } from './standing.ts';

/** Whether an interrupted change stands, as the primary says under its signature: `to` was applied, `from` was not, anything else is nobody's to tell. */
export async function probeRecords(
  written: JsonObject,
  context: StepContext,
  clock: () => number,
): Promise<ProbeOutcome> {
  const opened = await openServer(written, context, clock);
  if (!opened.ok) return { result: 'unknown', detail: opened.reason };
  const { spec, server } = opened;
  const read = await readStanding(server, spec);
  if (!read.ok) return { result: 'unknown', detail: `${spec.name} ${spec.type}: ${read.reason}` };
  const state = compareStanding(read.standing, spec);
  const seen = `${spec.name} ${spec.type}: ${describeRecords(read.standing.values, read.standing.ttl)} stands`;
  if (state === 'other') return { result: 'unknown', detail: `${seen}, expected the old records or the new` };
  return { result: state === 'to' ? 'applied' : 'not_applied', detail: seen };
}
