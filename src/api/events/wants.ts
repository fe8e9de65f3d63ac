import type { HubEvent } from './event-hub.ts';

/** What a listener wants to hear; what is left out is no limit. */
export interface EventWish {
  launch?: string | undefined;
  run?: string | undefined;
  /** Types or families (`step`, `approval`), with commas between. */
  type?: string | undefined;
}

/** Whether an event is one that was asked for. */
export function wants({ launch, run, type }: EventWish, { event, launch: of }: HubEvent): boolean {
  if (launch !== undefined && launch !== of) return false;
  if (run !== undefined && run !== event.run) return false;
  return type === undefined || type.split(',').some((each) => event.type === each || event.type.startsWith(`${each}.`));
}
