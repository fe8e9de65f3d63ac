import { openProcessorMeter } from '../engine/monitor/measure-machine.ts';
import { readHealth } from '../engine/monitor/read-health.ts';
import type { Health } from '../engine/monitor/read-health.ts';
import type { ApiParts } from './api-parts.ts';

/** A look at the installation, and when it was taken. */
export interface StatusLook {
  at: string;
  health: Health;
}

/** How long a look is believed. Anybody may ask for the status, so that asking must not cost the database more than this. */
const freshMs = 5_000;
/** How far back a look goes. */
export const statusWithinMs = 3_600_000;

interface Looks {
  processors: ReturnType<typeof openProcessorMeter>;
  newest: { untilMs: number; look: Promise<StatusLook> } | null;
}

const known = new WeakMap<ApiParts, Looks>();

/** How the installation is, at most five seconds old; everybody who asks meanwhile gets the same look. Never throws. */
export function readStatus(parts: ApiParts): Promise<StatusLook> {
  const looks = known.get(parts) ?? { processors: openProcessorMeter(), newest: null };
  known.set(parts, looks);
  const nowMs = performance.now();
  if (looks.newest !== null && looks.newest.untilMs > nowMs) return looks.newest.look;
  const look = takeLook(parts, looks);
  looks.newest = { untilMs: nowMs + freshMs, look };
  return look;
}

async function takeLook({ store, answers }: ApiParts, { processors }: Looks): Promise<StatusLook> {
  const health = await readHealth({ store, processors, withinMs: statusWithinMs, answers });
  return { at: new Date().toISOString(), health };
}
