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
  return new Keeper(request, policy, await startOrAdopt(request));
}

class Keeper implements Supervisor {
  readonly #request: ServerRequest;
  readonly #policy: RestartPolicy;
  readonly #atExit = () => void signalServer(this.#server, 'SIGINT');
  #server: Server;
  #stopping = false;
  #restart: Promise<void> = Promise.resolve();
  #deaths: number[] = [];

  constructor(request: ServerRequest, policy: RestartPolicy, server: Server) {
    this.#request = request;
    this.#policy = policy;
    this.#server = server;
    this.#watch();
    process.on('exit', this.#atExit);
  }

  current(): Server {
    return this.#server;
  }

  ready(): Promise<void> {
    return this.#restart;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#restart.catch(() => undefined);
    await stopServer(this.#server);
    process.off('exit', this.#atExit);
  }

  #watch(): void {
    void this.#server.gone.then(() => {
      if (this.#stopping) return;
      this.#restart = this.#bringBack();
      // Whoever asks `ready` gets the error; nobody asking must not end the process.
      this.#restart.catch(() => undefined);
    });
  }

  async #bringBack(): Promise<void> {
    for (;;) {
      const now = performance.now();
      this.#deaths = [...this.#deaths.filter((at) => now - at < this.#policy.windowMs), now];
      try {
        if (this.#deaths.length > 1) await pause(100 * 2 ** (this.#deaths.length - 2), undefined, { ref: false });
        if (this.#stopping) return;
        this.#server = await startOrAdopt(this.#request);
        this.#watch();
        return;
      } catch (error) {
        if (this.#deaths.length >= this.#policy.attempts) throw error;
      }
    }
  }
}
