import type { JsonObject } from '@tminus/verify';

/** An event that goes out, with where its run or shift is. */
export interface OutgoingEvent {
  cursor: number;
  /** Id of the run or shift; null for an event of the system. */
  subject: string | null;
  type: string;
  /** RFC 3339. */
  at: string;
  body: JsonObject;
  /** Null for an event of the system. */
  place: { launch: string; environment: string; mode: string } | null;
}

/** CloudEvents 1.0, structured JSON; extension attributes in lower case, as section 3.1 wants them. */
export interface CloudEvent {
  specversion: '1.0';
  /** Cursor of the event: the same however often it is sent. */
  id: string;
  source: string;
  type: string;
  /** Run or shift; absent for an event of the system. */
  subject?: string;
  time: string;
  datacontenttype: 'application/json';
  /** Of the extension of that name: sorts as text in the order of the events. */
  sequence: string;
  launch?: string;
  environment?: string;
  /** Tells a rehearsal from the real thing. */
  mode?: string;
  data: JsonObject;
}

/** Returns an event as the world gets it. */
export function toCloudEvent({ cursor, subject, type, at, body, place }: OutgoingEvent): CloudEvent {
  return {
    specversion: '1.0',
    id: String(cursor),
    source: place === null ? 'urn:tminus:installation' : `urn:tminus:launch:${encodeURIComponent(place.launch)}`,
    type: `tminus.${type}`,
    ...(subject !== null && { subject }),
    time: at,
    datacontenttype: 'application/json',
    sequence: String(cursor).padStart(16, '0'),
    ...place,
    data: body,
  };
}
