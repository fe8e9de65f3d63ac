import { Worker } from 'node:worker_threads';

import { ProductError } from '../../core/error/product-error.ts';
import type { ShadowRoute } from '../../core/rollout/shadow/shadow-tally.ts';
import type { Forwarded } from './forward-request.ts';
import type { ShadowWish } from './open-shadow-tee.ts';

/** What the thread is started with: a wish as it can be handed over, and which hosts it may reach. */
export interface CopySettings {
  wish: Omit<ShadowWish, 'listen' | 'stable' | 'canary'> & { stable: string; canary: string };
  context: { allow: readonly string[]; forbidden: readonly string[] };
  /** Counts, at [0], the requests that the thread is done with. */
  done: SharedArrayBuffer;
}

/** What the thread is told. */
export type CopyMessage =
  | { kind: 'copy'; forwarded: Forwarded }
  /** How many of each route were not even handed over. */
  | { kind: 'dropped'; routes: { [route: string]: number } }
  | { kind: 'report'; id: number }
  | { kind: 'end' };

/** What the thread says. */
export interface CopyAnswer {
  id: number;
  routes: ShadowRoute[];
}

/** Copies on a thread of their own. */
export interface Copies {
  /** Hands a request over; false where too many wait already, or nobody takes them any more. */
  add(forwarded: Forwarded): boolean;
  /** Counts a request that was not copied although it should have been. */
  drop(route: string): void;
  pending(): number;
  /** Rejects where the thread has ended: what it counted is gone, and nothing of it is a pass. */
  report(): Promise<ShadowRoute[]>;
  close(): Promise<void>;
}

const mostDropped = 200;

/**
 * Starts the thread. The main thread only hands on and counts: sending, waiting and comparing cost its clients nothing, and a thread that cannot keep up is handed no
 * more, so that what waits has an end.
 */
export function startCopies(settings: Omit<CopySettings, 'done'>): Copies {
  const thread = openThread(settings);
  const most = settings.wish.concurrency + settings.wish.queue;
  let sent = 0;
  let dropped: { [route: string]: number } = {};
  // Wraps around together with the counter of the thread.
  const pending = (): number => (sent - thread.done()) | 0;
  return {
    add(forwarded) {
      if (thread.gone() !== null || pending() >= most) return false;
      sent = (sent + 1) | 0;
      thread.tell({ kind: 'copy', forwarded }, buffersOf(forwarded));
      return true;
    },
    drop(route) {
      const name = route in dropped || Object.keys(dropped).length < mostDropped ? route : '(other routes)';
      dropped[name] = (dropped[name] ?? 0) + 1;
    },
    pending: () => (thread.gone() === null ? pending() : 0),
    report() {
      thread.tell({ kind: 'dropped', routes: dropped });
      dropped = {};
      return thread.ask();
    },
    close: () => thread.end(),
  };
}

/** The thread as this one sees it. */
interface Thread {
  /** Requests that it is done with. */
  done(): number;
  /** Why it has ended; null while it runs. */
  gone(): Error | null;
  tell(message: CopyMessage, handed?: ArrayBuffer[]): void;
  ask(): Promise<ShadowRoute[]>;
  end(): Promise<void>;
}

function openThread(settings: Omit<CopySettings, 'done'>): Thread {
  const done = new SharedArrayBuffer(4);
  const counter = new Int32Array(done);
  const thread = new Worker(new URL('copy-thread.ts', import.meta.url), { workerData: { ...settings, done } });
  const waiting = new Map<number, { resolve: (routes: ShadowRoute[]) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let gone: Error | null = null;
  const endWith = (error: Error): void => {
    gone ??= error;
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  thread.on('message', ({ id, routes }: CopyAnswer) => {
    waiting.get(id)?.resolve(routes);
    waiting.delete(id);
  });
  thread.on('error', (error) => endWith(toEnded(error)));
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve())).then(() =>
    endWith(toEnded(null)),
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin
  const tell: Thread['tell'] = (message, handed = []) => thread.postMessage(message, handed);
  return {
    done: () => Atomics.load(counter, 0),
    gone: () => gone,
    tell,
    ask: () =>
      new Promise((resolve, reject) => {
        if (gone !== null) return reject(gone);
        asked += 1;
        waiting.set(asked, { resolve, reject });
        tell({ kind: 'report', id: asked });
      }),
    async end() {
      tell({ kind: 'end' });
      await exited;
    },
  };
}

function toEnded(cause: unknown): ProductError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new ProductError(
    'rollout_refused',
    `shadow: expected copies to be compared, got a thread that has ended${why}`,
    {
      hint: 'begin the shadow again; clients are answered until then',
      cause,
    },
  );
}

/** Bytes change hands instead of being written a second time. */
function buffersOf({ body, answer }: Forwarded): ArrayBuffer[] {
  return [body, answer?.body].flatMap((bytes) => (bytes && bytes.byteLength > 0 ? [bytes.buffer as ArrayBuffer] : []));
}
