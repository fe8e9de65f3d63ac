import { setTimeout as pause } from 'node:timers/promises';

import { signalServer, startOrAdopt, stopServer } from './postmaster.ts';
import type { Server, ServerRequest } from './postmaster.ts';

/** A server that is kept running until it is stopped. */
export interface Supervisor {
  /** The server as it stands; another one after a restart. */
  current(): Server;
  /** Resolves when a restart that is under way has ended; rejects when the server could not be brought back. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export interface RestartPolicy {
  /** Restarts within `windowMs` before we give up: a server that cannot stay up would only wear out the disk. */
  attempts: number;
  windowMs: number;
}

export const defaultRestartPolicy: RestartPolicy = { attempts: 5, windowMs: 60_000 };

/**
 * Starts or adopts the server of a place and brings it back when it dies, until `stop`.
 * A process that ends without `stop` still asks its server to shut down; one that is killed leaves an orphan, which the next start adopts.
 */
export async function supervise(
  request: ServerRequest,
  policy: RestartPolicy = defaultRestartPolicy,
): Promise<Supervisor> {
  let server = await startOrAdopt(request);
  let stopping = false;
  let restart: Promise<void> = Promise.resolve();
  let deaths: number[] = [];
  const atExit = () => void signalServer(server, 'SIGINT');

  const bringBack = async (): Promise<void> => {
    for (;;) {
      const now = performance.now();
      deaths = [...deaths.filter((at) => now - at < policy.windowMs), now];
      try {
        if (deaths.length > 1) await pause(100 * 2 ** (deaths.length - 2), undefined, { ref: false });
        if (stopping) return;
        server = await startOrAdopt(request);
        return watch();
      } catch (error) {
        if (deaths.length >= policy.attempts) throw error;
      }
    }
  };
  const watch = (): void => {
    void server.gone.then(() => {
      if (stopping) return;
      restart = bringBack();
      // Whoever asks `ready` gets the error; nobody asking must not end the process.
      restart.catch(() => undefined);
    });
  };
  watch();
  process.on('exit', atExit);
  return {
    current: () => server,
    ready: () => restart,
    async stop() {
      stopping = true;
      await restart.catch(() => undefined);
      await stopServer(server);
      process.off('exit', atExit);
    },
  };
}
