import type { Look } from './rollout-input.ts';
import type { RouterReading } from './router-kind.ts';
import type { Exposed, RouterWatch } from './rollout-state.ts';
import { say } from './turn.ts';
import type { Turn } from './turn.ts';

/** How far a weight that was read may lie from the one that was asked for: routers round. */
const rounding = 0.5;

/** Takes in what every router said at a look, and counts the requests that went to the canary since the last. */
export function readRouters(turn: Turn, look: Pick<Look, 'routers'>): void {
  const { state } = turn;
  state.routers = state.routers.map((watch) => {
    const reading = look.routers[watch.router] ?? { trouble: 'it was not asked' };
    const trouble = 'trouble' in reading ? reading.trouble : troubleOf(reading);
    if (trouble === null) return readOne(turn, watch, reading as RouterReading);
    say(turn, { kind: 'router_trouble', router: watch.router, reason: trouble });
    return { ...watch, weight: null, troubles: watch.troubles + 1, detail: trouble };
  });
}

function troubleOf({ weight }: RouterReading): string | null {
  return weight >= 0 && weight <= 100 ? null : `expected a weight from 0 to 100, got ${String(weight)}`;
}

function readOne(turn: Turn, watch: RouterWatch, reading: RouterReading): RouterWatch {
  const { state } = turn;
  const canary = reading.requests?.canary ?? null;
  if (canary !== null) {
    state.exposed = addExposed(state.exposed, watch.canaryRequests, canary);
    state.phaseExposed = addExposed(state.phaseExposed, watch.canaryRequests, canary);
  }
  return {
    router: watch.router,
    weight: reading.weight,
    troubles: Math.abs(reading.weight - state.weight.asked) <= rounding ? 0 : watch.troubles,
    detail: reading.detail,
    canaryRequests: canary ?? watch.canaryRequests,
    deadLooks: reading.healthy.canary === false ? watch.deadLooks + 1 : 0,
    stableDead: reading.healthy.stable === false,
  };
}

/** A counter that fell began at 0 again: what it shows is new, and what came before its fall is lost. */
function addExposed({ requests, exact }: Exposed, before: number | null, now: number): Exposed {
  if (before === null) return { requests, exact: exact ?? true };
  return now >= before
    ? { requests: requests + now - before, exact: exact ?? true }
    : { requests: requests + now, exact: false };
}

/** Routers that do not have the weight that was asked for, as far as is known. */
export function strayRouters({ state }: Pick<Turn, 'state'>): RouterWatch[] {
  return state.routers.filter(({ weight }) => weight === null || Math.abs(weight - state.weight.asked) > rounding);
}
