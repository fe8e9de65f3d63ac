import { setTimeout as pause } from 'node:timers/promises';

import { findPostmaster, isRunning } from './postmaster-pid.ts';
import { findServer, startOrAdopt, stopServer, stopServerAtOnce, tooSlow } from './postmaster.ts';
import type { Server, ServerRequest } from './postmaster.ts';
import type { Membership } from './store-lock.ts';

/** A server that is kept running while anybody uses it. */
export interface Supervisor {
  /** The server as it stands; another one after a restart. */
  current(): Server;
  /** Resolves when a restart that is under way has ended, whoever does it; rejects when the server could not be brought back. */
  ready(): Promise<void>;
  /** Ends the use of the server. The last one to leave stops it. */
  leave(): Promise<void>;
}

export interface RestartPolicy {
  /** Restarts within `windowMs` before we give up: a server that cannot stay up would only wear out the disk. */
  attempts: number;
  windowMs: number;
}

export const defaultRestartPolicy: RestartPolicy = { attempts: 5, windowMs: 60_000 };

export interface Supervision {
  membership: Membership;
  request: ServerRequest;
  policy: RestartPolicy;
  /** Runs after the server was stopped, while nobody can join. */
  tidy: () => void;
}

const pollMs = 25;

/**
 * Watches a running server and brings it back when it dies, until `leave`. Every member does so; which of them starts the next server is decided at
 * that moment by the right to start, so that there is no supervisor whose death, freeze or end the others would have to notice.
 * A process that ends without `leave` still leaves; one that is killed takes its share with it, and the last of them an orphan, which the next start adopts.
 */
export function supervise(supervision: Supervision, server: Server): Supervisor {
  return new Keeper(supervision, server);
}

class Keeper implements Supervisor {
  readonly #supervision: Supervision;
  readonly #data: string;
  readonly #atExit = () => this.#leaveAtOnce();
  #server: Server;
  #fallen: Server | null = null;
  #leaving = false;
  #restart: Promise<void> = Promise.resolve();
  #gaveUp = false;
  #deaths: number[] = [];

  constructor(supervision: Supervision, server: Server) {
    this.#supervision = supervision;
    this.#data = supervision.request.place.data;
    this.#server = server;
    this.#take(server);
    process.on('exit', this.#atExit);
  }

  current(): Server {
    return this.#server;
  }

  async ready(): Promise<void> {
    const back = this.#gaveUp ? findServer(this.#data) : null;
    if (back !== null) this.#take(back);
    // A lost connection is seen before the death of a process that is not our child.
    if (!isRunning(this.#server.postmaster.pid)) this.#fall(this.#server);
    await this.#inTime(this.#restart);
  }

  async leave(): Promise<void> {
    this.#leaving = true;
    await this.#restart.catch(() => undefined);
    process.off('exit', this.#atExit);
    await this.#supervision.membership.leave(() => stopLast(this.#data, this.#supervision.tidy));
  }

  #leaveAtOnce(): void {
    try {
      this.#supervision.membership.leaveAtOnce(() => {
        const found = findPostmaster(this.#data);
        if (found !== null) stopServerAtOnce(found);
        this.#supervision.tidy();
      });
    } catch {
      // The data directory is gone, or its disk is; that must not change the exit code of a process that has ended.
    }
  }

  #take(server: Server): void {
    this.#server = server;
    this.#gaveUp = false;
    this.#restart = Promise.resolve();
    void server.gone.then(() => this.#fall(server));
  }

  #fall(server: Server): void {
    if (this.#leaving || server !== this.#server || server === this.#fallen) return;
    this.#fallen = server;
    this.#noteDeath();
    this.#restart = this.#bringBack();
    // Whoever asks `ready` gets the error; nobody asking must not end the process.
    this.#restart.catch(() => (this.#gaveUp = true));
  }

  async #bringBack(): Promise<void> {
    while (!this.#leaving) {
      const server = findServer(this.#data) ?? (await this.#startIfFree());
      if (server !== null) {
        this.#take(server);
        return;
      }
      await pause(pollMs, undefined, { ref: false });
    }
  }

  /** Returns null while another process has the right to start. */
  async #startIfFree(): Promise<Server | null> {
    const right = this.#supervision.membership.tryStart();
    if (right === null) return null;
    try {
      return await this.#start();
    } finally {
      right.release();
    }
  }

  async #start(): Promise<Server | null> {
    for (;;) {
      try {
        if (this.#deaths.length > 1) await pause(100 * 2 ** (this.#deaths.length - 2), undefined, { ref: false });
        return this.#leaving ? null : await startOrAdopt(this.#supervision.request);
      } catch (error) {
        if (this.#deaths.length >= this.#supervision.policy.attempts) throw error;
        this.#noteDeath();
      }
    }
  }

  #noteDeath(): void {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < this.#supervision.policy.windowMs), now];
  }

  async #inTime(restart: Promise<void>): Promise<void> {
    const timer = new AbortController();
    const { readyMs } = this.#supervision.request;
    const late = pause(readyMs, 'late' as const, { signal: timer.signal }).catch(() => 'done' as const);
    try {
      if ((await Promise.race([restart, late])) === 'late') throw tooSlow(this.#data, 'none', readyMs);
    } finally {
      timer.abort();
    }
  }
}

/** Stops the server of a cluster, if there is one; only while nobody can join. */
export async function stopLast(data: string, tidy: () => void): Promise<void> {
  const found = findPostmaster(data);
  if (found !== null) await stopServer(found);
  tidy();
}
