import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

import { openSharedStream } from './shared-stream.ts';
import type { Connection } from './events.ts';
import { toLiveEvent } from './live-event.ts';
import type { LiveEvent } from './live-event.ts';
import { meQuery } from './me.ts';
import { tellSignedOut } from './request.ts';

type Listener = (event: LiveEvent) => void;

interface Live {
  connection: Connection;
  retry: () => void;
  listen: (listener: Listener) => () => void;
  watches: Map<string, Watch>;
}

/** A question that is asked again, for as many parts of the page as show its answer. */
interface Watch {
  parts: number;
  stop: () => void;
}

const LiveContext = createContext<Live | null>(null);

/** Which events matter to a part of a page. All that is said has to hold; nothing said means every event. */
export interface LiveTopic {
  launch?: string;
  run?: string;
  /** Beginnings of event types: `step` is every `step.*`. */
  types?: readonly string[];
}

/** Holds the live connection that all tabs of this browser share; what listens shares it, too. */
export function LiveProvider({ children, url = '/api/events/stream' }: { children: ReactNode; url?: string }) {
  const queryClient = useQueryClient();
  const [connection, setConnection] = useState<Connection>(() => ({
    phase: 'connecting',
    tries: 0,
    newsAtMs: Date.now(),
  }));
  const [listeners] = useState(() => new Set<Listener>());
  const [watches] = useState(() => new Map<string, Watch>());
  const [retry, setRetry] = useState<() => void>(() => () => undefined);
  const { data: me, isError } = useQuery(meQuery);
  // Nobody hears nothing: asking all the same would only be refused. Where it cannot be told who asks, the stream says so itself.
  const mayListen = isError || (me !== undefined && me.identity !== null);

  useEffect(() => {
    if (!mayListen) return undefined;
    const stream = openSharedStream({
      url,
      onConnection: setConnection,
      // What was asked before the connection was there may have changed since; signals of changes are not kept for whoever was away.
      onLive: () => void queryClient.invalidateQueries(),
      onGap: () => void queryClient.invalidateQueries(),
      onSignedOut: tellSignedOut,
      onMessage: (message) => {
        const event = toLiveEvent(message);
        if (event) for (const listener of listeners) listener(event);
      },
    });
    setRetry(() => () => stream.retry());
    return () => stream.close();
  }, [url, queryClient, listeners, mayListen]);

  // Stands by itself: whoever listens would else begin anew with every change of the connection, and forget what it was about to ask for.
  const listen = useCallback(
    (listener: Listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [listeners],
  );
  const live = useMemo<Live>(() => ({ connection, retry, listen, watches }), [connection, retry, listen, watches]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

function useLiveContext(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error('useLive: expected a LiveProvider around the page, got none');
  return live;
}

/** How the live connection is, and a way to begin it again. */
export function useConnection(): Connection & { retry: () => void } {
  const { connection, retry } = useLiveContext();
  return { ...connection, retry };
}

/** Asks again for what `queryKey` brought, soon after an event of this topic. Many events at once are one question, and so are many parts of a page that show the same. */
export function useLive(topic: LiveTopic, queryKey: QueryKey): void {
  useLiveEach(topic, [queryKey]);
}

/** The same for several questions, each by itself. */
export function useLiveEach(topic: LiveTopic, queryKeys: readonly QueryKey[]): void {
  const queryClient = useQueryClient();
  const { listen, watches } = useLiveContext();
  // As text, so that a topic that is written anew with every drawing is the same topic.
  const wanted = JSON.stringify(topic);
  const keys = JSON.stringify(queryKeys);
  useEffect(() => {
    const heard = JSON.parse(wanted) as LiveTopic;
    const ends = (JSON.parse(keys) as QueryKey[]).map((queryKey) => {
      const name = `${wanted} ${JSON.stringify(queryKey)}`;
      const watch = watches.get(name) ?? { parts: 0, stop: watchKey(queryClient, listen, { topic: heard, queryKey }) };
      watch.parts += 1;
      watches.set(name, watch);
      return () => {
        watch.parts -= 1;
        if (watch.parts > 0) return;
        watch.stop();
        watches.delete(name);
      };
    });
    return () => ends.forEach((end) => end());
  }, [wanted, keys, listen, watches, queryClient]);
}

/** Begins to ask again after events, until it is stopped. */
function watchKey(
  queryClient: QueryClient,
  listen: Live['listen'],
  { topic, queryKey }: { topic: LiveTopic; queryKey: QueryKey },
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Kept from when nobody listened: what happened since was heard by nobody.
  void queryClient.invalidateQueries({ queryKey, predicate: ({ state }) => state.data !== undefined });
  // One question at a time: another would break it off, and where things happen faster than answers come there would never be one.
  let hasMore = false;
  let isOver = false;
  const askSoon = (pauseMs: number): void => {
    timer = setTimeout(() => void ask(), pauseMs);
  };
  const ask = async (): Promise<void> => {
    hasMore = false;
    const beganAtMs = performance.now();
    await askAgain(queryClient, queryKey);
    timer = undefined;
    // As long a pause as the answer took: a large one is read for at most half of the time.
    if (hasMore && !isOver) askSoon(Math.max(settleMs, performance.now() - beganAtMs));
  };
  const stop = listen((event) => {
    if (!isOf(topic, event)) return;
    hasMore = true;
    if (timer === undefined) askSoon(settleMs);
  });
  return () => {
    stop();
    isOver = true;
    clearTimeout(timer);
  };
}

/** A first answer that is on its way is not asked for again by an invalidation, and may have been made before the event: then it is asked for once it is there. */
async function askAgain(queryClient: QueryClient, queryKey: QueryKey): Promise<void> {
  const found = queryClient.getQueryCache().findAll({ queryKey });
  const isOnItsWay = found.some(({ state }) => state.data === undefined && state.fetchStatus === 'fetching');
  await queryClient.invalidateQueries({ queryKey });
  if (isOnItsWay) await queryClient.invalidateQueries({ queryKey });
}

/** Events of one transaction come within a few ms of each other; event to pixel has 500 ms. */
const settleMs = 50;

function isOf({ launch, run, types }: LiveTopic, event: LiveEvent): boolean {
  if (launch !== undefined && event.launch !== null && event.launch !== launch) return false;
  if (run !== undefined && event.run !== null && event.run !== run) return false;
  return types === undefined || types.some((type) => event.type === type || event.type.startsWith(`${type}.`));
}
