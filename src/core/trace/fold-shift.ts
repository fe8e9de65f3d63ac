import type { JsonObject, JsonValue } from '@tminus/verify';

import { placeOfShift } from '../rollout/place-of-shift.ts';
import type { Span } from './span.ts';
import { spanIdOf, traceIdOf } from './trace-ids.ts';

/** What is open in the trace of a shift: itself, and the phase that it is in. */
export interface ShiftTrace {
  startMs: number | null;
  phase: { id: string; part: string; startMs: number; weight: number } | null;
}

/** An event of a shift, as it is kept. */
export interface ShiftEvent {
  cursor: number;
  type: string;
  at: string;
  body: JsonObject;
}

/** A shift of which nothing was seen. */
export function newShiftTrace(): ShiftTrace {
  return { startMs: null, phase: null };
}

const over: { readonly [stands: string]: Span['status'] } = {
  completed: 'ok',
  'rolled-back': 'error',
  aborted: 'unset',
};

/** Takes an event into the trace of its shift, and returns the spans that end with it: a phase, and with the last one the shift. Changes `trace`. */
export function foldShiftEvent(trace: ShiftTrace, event: ShiftEvent): Span[] {
  const place = placeOfShift(event);
  if (place === undefined) return [];
  const [stands, phase, rollout] = [event.body['stands'], event.body['phase'], event.body['rollout']].map(toText) as [
    string,
    string,
    string,
  ];
  const atMs = Date.parse(event.at);
  trace.startMs ??= atMs;
  const about = {
    'tminus.shift': place.shift,
    'tminus.launch': place.launch,
    'tminus.environment': place.environment,
    'tminus.rollout': rollout,
  };
  const status = over[stands];
  const isLast = status !== undefined;
  const spans: Span[] = [];
  if (trace.phase !== null && (isLast || phase !== trace.phase.id))
    spans.push(endPhase(place.shift, trace.phase, { atMs, stands, about }));
  if (isLast) spans.push(endShift(place.shift, trace.startMs, { atMs, stands, about }));
  if (isLast || phase === '') trace.phase = null;
  else if (phase !== trace.phase?.id) {
    const part = `phase ${phase} ${event.cursor}`;
    trace.phase = { id: phase, part, startMs: atMs, weight: Number(event.body['weight']) };
  }
  return spans;
}

/** Empty where the event does not say it: a shift that has ended stands in no phase. */
function toText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

interface Ending {
  atMs: number;
  stands: string;
  about: Span['attributes'];
}

/** A phase is good where the shift went on from it. */
function endPhase(shift: string, phase: NonNullable<ShiftTrace['phase']>, { atMs, stands, about }: Ending): Span {
  const status = stands === 'going-back' ? 'error' : (over[stands] ?? 'ok');
  return {
    traceId: traceIdOf(shift),
    spanId: spanIdOf(shift, phase.part),
    parentId: spanIdOf(shift, 'shift'),
    name: `phase ${phase.id}`,
    startMs: phase.startMs,
    endMs: Math.max(atMs, phase.startMs),
    attributes: { ...about, 'tminus.phase': phase.id, 'tminus.weight': phase.weight, 'tminus.outcome': stands },
    status,
    message: status === 'error' ? 'traffic went back' : null,
  };
}

function endShift(shift: string, startMs: number, { atMs, stands, about }: Ending): Span {
  const status = over[stands] ?? 'unset';
  return {
    traceId: traceIdOf(shift),
    spanId: spanIdOf(shift, 'shift'),
    parentId: null,
    name: `shift ${String(about['tminus.rollout'])}`,
    startMs,
    endMs: Math.max(atMs, startMs),
    attributes: { ...about, 'tminus.outcome': stands },
    status,
    message: status === 'error' ? 'traffic went back' : null,
  };
}
