import { setTimeout as pause } from 'node:timers/promises';

import { endingMoves } from '../../core/trace/fold-run.ts';
import type { Span } from '../../core/trace/span.ts';
import { readCursor, readEvents } from '../../store/event.ts';
import type { Store } from '../../store/open-store.ts';
import { beginTraceExport, countEventsBetween, noteTraceExport } from '../../store/trace-export.ts';
import { createLockKeeper } from '../delivery/keep-locks.ts';
import type { LockKeeper } from '../delivery/keep-locks.ts';
import { createTraceFollower } from './follow-traces.ts';
import type { TraceFollower } from './follow-traces.ts';
import type { TraceSettings } from './read-trace-settings.ts';
import { sendSpans } from './send-spans.ts';

/** What traces are exported with. */
export interface TraceExportParts {
  store: Store;
  settings: TraceSettings;
  version: string;
  /** Takes secrets out of what goes out. */
  maskText: (text: string) => string;
  report: (error: unknown) => void;
  /** Other figures than those of an installation. */
  limits?: Partial<TraceLimits>;
}

export interface TraceLimits {
  /** How often it is looked whether there is something to export. */
  everyMs: number;
  /** Events that may wait; of more the oldest are given up. */
  mostWaiting: number;
  /** Longest pause after a receiver that did not answer. */
  longestPauseMs: number;
}

/** The export of one process. */
export interface TraceExporter {
  close(): Promise<void>;
}

const standard: TraceLimits = { everyMs: 500, mostWaiting: 50_000, longestPauseMs: 60_000 };
const atOnce = 500;
/** How long the end of a process may wait for what has not gone out yet. */
const closingMs = 2_000;
const lockTimes = { leaseSeconds: 10, renewSeconds: 3, silentSeconds: 6 };

/**
 * Exports traces as long as it is open; any number of processes may do so, and one of them does. Spans are made of the events of the store, so that no run waits for
 * an export or knows of one, and whoever takes over after a crash goes on where the last one stood.
 */
export function openTraceExport(parts: TraceExportParts): TraceExporter {
  const closing = new AbortController();
  const limits = { ...standard, ...parts.limits };
  const locks = createLockKeeper(parts.store, lockTimes);
  const late = new AbortController();
  const exporting = { ...parts, limits, closing: closing.signal, signal: late.signal };
  const kept = (async () => {
    while (!closing.signal.aborted) {
      await exportLocked(exporting, locks).catch(parts.report);
      await rest(limits.everyMs * 4, closing.signal);
    }
  })();
  return {
    async close() {
      closing.abort();
      const timer = setTimeout(() => late.abort(), closingMs);
      await kept;
      clearTimeout(timer);
      await locks.close();
    },
  };
}

interface Exporting extends TraceExportParts {
  limits: TraceLimits;
  /** Aborted when the process ends: what there is still goes out, and nothing is waited for. */
  closing: AbortSignal;
  /** Aborted when nothing may be sent any more. */
  signal: AbortSignal;
}

async function exportLocked(exporting: Exporting, locks: LockKeeper): Promise<void> {
  const held = await locks.take({ keys: ['trace export'], owner: `traces by ${process.pid}`, waitSeconds: 0 });
  if (held === null) return;
  try {
    await exportWhileOurs({ ...exporting, signal: AbortSignal.any([exporting.signal, held.signal]) });
  } finally {
    await held.release();
  }
}

async function exportWhileOurs(exporting: Exporting): Promise<void> {
  const { store, limits, closing, signal } = exporting;
  let { position } = await beginTraceExport(store);
  let follower = createTraceFollower(store);
  let pauseMs = 0;
  while (!signal.aborted) {
    const oldest = await giveUpOldest(exporting, position);
    // What was skipped was not followed: what is open now is read again, and a batch that waited is among what was given up.
    if (oldest > position) follower = createTraceFollower(store);
    position = oldest;
    const step = await exportNext(exporting, follower, position);
    position = step.position;
    pauseMs =
      step.again === null ? 0 : Math.min(limits.longestPauseMs, Math.max(step.again, 2 * pauseMs, limits.everyMs));
    if (closing.aborted && (pauseMs > 0 || step.isIdle)) return;
    if (pauseMs > 0) await rest(pauseMs, AbortSignal.any([closing, signal]));
    else if (step.isIdle) await rest(limits.everyMs, AbortSignal.any([closing, signal]));
  }
}

interface Step {
  position: number;
  isIdle: boolean;
  /** Milliseconds after which the same is tried again; null where it was settled. */
  again: number | null;
}

/** Spans of a batch that waits are made once: making them again would end what has ended. */
const waiting = new WeakMap<TraceFollower, { position: number; last: number; spans: Span[] }>();

async function exportNext(exporting: Exporting, follower: TraceFollower, position: number): Promise<Step> {
  const { store, settings, version, signal } = exporting;
  const batch = waiting.get(follower) ?? (await readBatch(exporting, follower, position));
  if (batch === null) return { position, isIdle: true, again: null };
  const { last, spans } = batch;
  waiting.set(follower, batch);
  const sent =
    spans.length === 0
      ? ({ kind: 'taken', rejected: 0 } as const)
      : await sendSpans(settings, spans, { version, signal });
  if (signal.aborted) return { position, isIdle: true, again: null };
  if (sent.kind === 'later') {
    await noteTraceExport(store, { position, exported: 0, dropped: 0, trouble: sent.reason });
    return { position, isIdle: true, again: sent.afterMs ?? 0 };
  }
  waiting.delete(follower);
  const dropped = sent.kind === 'refused' ? spans.length : sent.rejected;
  const trouble = sent.kind === 'refused' ? sent.reason : null;
  await noteTraceExport(store, { position: last, exported: spans.length - dropped, dropped, trouble });
  return { position: last, isIdle: false, again: null };
}

async function readBatch(
  { store, maskText }: Exporting,
  follower: TraceFollower,
  position: number,
): Promise<{ position: number; last: number; spans: Span[] } | null> {
  const events = await readEvents(store, position, { limit: atOnce });
  const last = events.at(-1)?.cursor;
  if (last === undefined) return null;
  const spans = (await follower.follow(events)).map((span) => maskSpan(span, maskText));
  return { position, last, spans };
}

function maskSpan(span: Span, maskText: (text: string) => string): Span {
  const attributes = Object.entries(span.attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? maskText(value) : value,
  ]);
  return { ...span, name: maskText(span.name), attributes: Object.fromEntries(attributes) as Span['attributes'] };
}

/** The queue is the log of events, and it is bounded: what is older is counted and not sent. */
async function giveUpOldest({ store, limits }: Exporting, position: number): Promise<number> {
  const oldest = (await readCursor(store)) - limits.mostWaiting;
  if (position >= oldest) return position;
  const dropped = await countEventsBetween(store, { after: position, upTo: oldest, moves: endingMoves });
  const trouble = `more than ${limits.mostWaiting} events waited`;
  await noteTraceExport(store, { position: oldest, exported: 0, dropped, trouble });
  return oldest;
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
