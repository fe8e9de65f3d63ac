import type { InputOf } from '../../core/procedure/run-input.ts';
import type { StandingHold } from '../../store/standing-hold.ts';

/** What a hold above a run is to the run. Its people need not know who put it: whoever puts it was asked for the right there. */
export function toHoldInput({ id, scope, mode, count, by, reason }: StandingHold): Omit<InputOf<'hold'>, 'atMs'> {
  return { kind: 'hold', hold: { id, scope, subject: null, mode, count }, by: { person: by, role: '' }, reason };
}
