import { ProductError } from '../../../core/error/product-error.ts';
import { toInstantMs } from '../../../core/gate/instant.ts';
import type { RunMode } from '../../../core/procedure/run.ts';
import type { Store } from '../../../store/open-store.ts';
import { readSwitchMoments } from '../../../store/switch-moment.ts';
import type { Scene } from '../../scene.ts';
import type { AskedWindow } from './window-of-places.ts';

/** A window as somebody wrote it: instants of RFC 3339, or the word `switch` for where it begins. */
export interface WrittenWindow {
  since: string | null;
  until: string | null;
}

/** A moment, and how it is known. */
export type KnownMoment = Pick<AskedWindow, 'since' | 'because'>;

/**
 * Returns when users first could write on the new side, as the store knows it: the first weight above 0 that a shift of this candidate asked for, or the point of no return that a
 * run saw behind, whichever was first. Null where nobody knows it, also where the canary had traffic before anybody looked. In a rehearsal, which has no users, it is the first run of
 * it where nothing else is known.
 */
export async function findSwitch(store: Store, scene: Scene, mode: RunMode = 'live'): Promise<KnownMoment | null> {
  const { launch, environment, candidateSha256 } = scene;
  const place = { launch: launch.id, environment: environment.id, candidateSha256, mode };
  const { traffic, crossedMs, firstRunMs } = await readSwitchMoments(store, place);
  if (crossedMs !== null && crossedMs <= (traffic?.ms ?? Infinity))
    return { since: toText(crossedMs), because: 'a run saw the point of no return behind then' };
  if (traffic?.seen === true)
    return { since: toText(traffic.ms), because: 'the first weight above 0 was asked for then' };
  if (mode !== 'rehearsal' || firstRunMs === null) return null;
  return { since: toText(firstRunMs), because: 'the rehearsal began then' };
}

/** Returns the window that was asked for; null where every record is wanted. Throws `usage` for one that cannot be, and `export_refused` where nobody knows when the switch was. */
export async function resolveWindow(
  store: Store,
  scene: Scene,
  { since, until, mode = 'live', nowMs }: WrittenWindow & { mode?: RunMode; nowMs: number },
): Promise<AskedWindow | null> {
  if (since === null && until === null) return null;
  if (since === null)
    throw new ProductError('usage', 'until: expected a beginning of the window, got none', {
      hint: 'say since: with an instant, or switch',
    });
  const found = since === 'switch' ? await findSwitch(store, scene, mode) : null;
  if (since === 'switch' && found === null)
    throw new ProductError(
      'export_refused',
      `switch: expected a shift of candidate ${scene.candidateSha256.slice(0, 12)} in ${scene.environment.id} that gave it its first traffic, or a run that saw the point of no return behind, got none`,
      { hint: 'say the instant yourself: --since 2026-11-22T01:10:00Z, or since: in the step' },
    );
  const beginning = found ?? { since: toMoment('since', since), because: 'it was asked for' };
  const end = until === null ? null : toMoment('until', until);
  refuseImpossible(beginning.since, end, nowMs);
  return { ...beginning, until: end };
}

function refuseImpossible(since: string, until: string | null, nowMs: number): void {
  const late = [since, until].find((moment) => moment !== null && Date.parse(moment) > nowMs);
  if (late !== undefined)
    throw new ProductError('usage', `window: expected moments that are over, got ${late}`, {
      hint: 'what is written later would be missing; leave out until for all that is there now',
    });
  if (until !== null && Date.parse(until) <= Date.parse(since))
    throw new ProductError('usage', `until: expected a moment after ${since}, got ${until}`, {
      hint: 'the window holds what was written from since on, and before until',
    });
}

function toMoment(name: string, written: string): string {
  const ms = toInstantMs(written);
  if (ms !== null) return toText(ms);
  throw new ProductError('usage', `${name}: expected an instant with a zone, got ${JSON.stringify(written)}`, {
    hint: `write it as 2026-11-22T01:10:00Z${name === 'since' ? ', or switch' : ''}`,
  });
}

function toText(ms: number): string {
  return new Date(ms).toISOString();
}
