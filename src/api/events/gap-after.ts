import type { HubEvent } from './event-hub.ts';

/** Cursors between which events are no longer kept. */
export interface EventGap {
  after: number;
  before: number;
}

/**
 * What is missing between a cursor and the page that was read behind it; null where nothing is. Cursors have no gap of their own, so that one tells of events that are
 * no longer kept. `head` is a cursor up to which there were events before the page was read.
 */
export function gapAfter(after: number, page: readonly HubEvent[], head: number): EventGap | null {
  const before = page[0]?.event.cursor ?? head + 1;
  return before > after + 1 ? { after, before } : null;
}
