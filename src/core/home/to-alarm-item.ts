import type { AlarmFact } from './home-fact.ts';
import type { HomeItem } from './home-item.ts';

/** Something that the installation is worried about, as a line of Home: for everybody. */
export function toAlarmItem({ subject, alarm, why, sinceMs }: AlarmFact): HomeItem {
  return {
    key: `alarm ${alarm} ${subject} ${sinceMs}`,
    lane: 'at-risk',
    launch: null,
    title: subject,
    why,
    next: 'look',
    place: { kind: 'queue' },
    who: [],
    mine: true,
    sinceMs,
    untilMs: null,
    onLimit: null,
  };
}
