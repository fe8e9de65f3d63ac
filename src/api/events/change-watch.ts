import { EventEmitter } from 'node:events';

import type { LaunchDesk } from '../../engine/launches/launch-desk.ts';
import type { Store } from '../../store/open-store.ts';
import { readReviewVersions } from '../../store/document-review.ts';
import { readPollVersions } from '../../store/poll.ts';

/** Something of a launch that is no event of a run: whoever shows it reads it again. */
export interface ChangeSignal {
  launch: string;
  what: 'evidence' | 'documents' | 'poll' | 'review';
  /** The bytes of one SSE message without an id: a reader that was away reads everything again anyway. */
  frame: Buffer;
}

/** Looks whether the log, the documents or the polls of a launch have changed, for all listeners of this process. */
export interface ChangeWatch {
  /** Rises with each signal. */
  readonly version: number;
  listen(listener: (signal: ChangeSignal) => void): () => void;
  close(): Promise<void>;
}

const everyMs = 400;

/** Opens the watch. It looks only while somebody listens. */
export function openChangeWatch(store: Store, launches: LaunchDesk, report: (error: unknown) => void): ChangeWatch {
  const emitter = new EventEmitter<{ signal: [ChangeSignal] }>();
  emitter.setMaxListeners(0);
  const known = new Map<string, string>();
  let signals = 0;
  const note = (launch: string, what: ChangeSignal['what'], version: string): void => {
    const key = `${what} ${launch}`;
    const before = known.get(key);
    known.set(key, version);
    // The first look is told, too: whoever has just come may have read what was there before it.
    if (before === version) return;
    signals += 1;
    emitter.emit('signal', { launch, what, frame: toFrame({ launch, what, version }) });
  };
  const look = async (): Promise<void> => {
    if (emitter.listenerCount('signal') === 0) return known.clear();
    for (const { launch, what, version } of await readVersions(store, launches)) note(launch, what, version);
  };
  let looking: Promise<void> = Promise.resolve();
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    looking = look()
      .catch(report)
      .finally(() => (isLooking = false));
  }, everyMs).unref();
  return {
    get version() {
      return signals;
    },
    listen(listener) {
      emitter.on('signal', listener);
      return () => void emitter.off('signal', listener);
    },
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}

type Version = Pick<ChangeSignal, 'launch' | 'what'> & { version: string };

/** What each launch is at now. Nothing yet is a version, too, so that the first entry is a change. */
async function readVersions(store: Store, launches: LaunchDesk): Promise<Version[]> {
  const sizes = new Map((await readLogSizes(store)).map(({ launch, size }) => [launch, size]));
  const polls = new Map((await readPollVersions(store)).map(({ launch, version }) => [launch, version]));
  const reviews = new Map((await readReviewVersions(store)).map(({ launch, version }) => [launch, version]));
  return (await launches.list()).flatMap(({ id: launch, plan, trouble }): Version[] => [
    { launch, what: 'evidence', version: sizes.get(launch) ?? '0' },
    { launch, what: 'poll', version: polls.get(launch) ?? '' },
    { launch, what: 'review', version: reviews.get(launch) ?? '' },
    { launch, what: 'documents', version: plan?.planHash ?? trouble?.message ?? '' },
  ]);
}

function toFrame(data: { launch: string; what: string; version: string }): Buffer {
  return Buffer.from(`event: changed\ndata: ${JSON.stringify(data)}\n\n`);
}

async function readLogSizes(store: Store): Promise<{ launch: string; size: string }[]> {
  return store.tables
    .selectFrom('log')
    .innerJoin('log_head', 'log_head.log', 'log.id')
    .select(['log.launch', 'log_head.size'])
    .execute();
}
