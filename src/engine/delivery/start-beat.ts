import { Worker } from 'node:worker_threads';

/** What the thread is started with. */
export interface BeatSettings {
  url: string;
  /** How often it renews. */
  beatSeconds: number;
  /** After this time without a word of the main thread it stops renewing: the process hangs, and others take its jobs. */
  leaseSeconds: number;
}

/** A job that a worker of this process holds. */
export interface HeldJob {
  queue: string;
  job: string;
  token: number;
}

/** What the main thread tells: jobs that came, or all that it holds. Either is a sign of life. */
export interface BeatMessage {
  kind: 'more' | 'all';
  jobs: HeldJob[];
}

/** Renews claims while the event loop of this process is blocked. */
export interface Beat {
  /** Hands jobs to the thread; to be called before their handlers may block. */
  hold(jobs: readonly HeldJob[]): void;
  stop(): Promise<void>;
}

const aliveMs = 1000;

/**
 * Starts the thread, and tells it every second what the process holds, which `list` returns. A thread that ends is started again;
 * until then the renewals of pg-boss, from the event loop, hold the claims of every handler that does not block.
 */
export function startBeat(
  settings: BeatSettings,
  { list, report }: { list: () => readonly HeldJob[]; report: (error: unknown) => void },
): Beat {
  let thread: Worker | null = null;
  let stopped = false;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin
  const tell = (message: BeatMessage): void => thread?.postMessage(message);
  const start = (): void => {
    thread = new Worker(new URL('beat-thread.ts', import.meta.url), {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    });
    thread.unref();
    thread.on('error', report);
    thread.on('exit', () => (thread = null));
  };
  start();
  const alive = setInterval(() => {
    if (thread === null && !stopped) start();
    tell({ kind: 'all', jobs: list().map(toHeldJob) });
  }, aliveMs);
  alive.unref();
  return {
    hold: (jobs) => tell({ kind: 'more', jobs: jobs.map(toHeldJob) }),
    async stop() {
      stopped = true;
      clearInterval(alive);
      await thread?.terminate();
    },
  };
}

function toHeldJob({ queue, job, token }: HeldJob): HeldJob {
  return { queue, job, token };
}
