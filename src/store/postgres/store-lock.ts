import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ProductError } from '../../core/error/product-error.ts';
import { tryKernelLock } from './kernel-lock.ts';
import type { KernelLock } from './kernel-lock.ts';

/** Who last held more than its share of a data directory (to start the server, or to stop it); only told to people, never decided on. */
export interface Holder {
  pid: number;
  command: string;
  startedAt: string;
}

/**
 * The share of one opener in a data directory. While anybody has one, nobody can stop the server: that takes the whole lock.
 * Earlier versions take the whole lock for all of their time, so that they and we keep each other out.
 */
export interface Membership {
  /** Takes the right to make and start the server, which one member at a time can have; null while another has it. */
  tryStart(): KernelLock | null;
  /** Gives the share back. The last member runs `asLast` while nobody can join; it is not run where others remain. */
  leave(asLast: () => Promise<void>): Promise<void>;
  /** Does the same without giving way to anything else, for a process that ends right now. */
  leaveAtOnce(asLast: () => void): void;
  /** The error for who could not get what it needs in `waitMs`; it names the holder. */
  inUse(waitMs: number): ProductError;
}

const retryMs = 5;
/** A leaver needs microseconds for what it does under the lock of leavers, unless it is frozen there; then its server is left to the next start. */
const longestExitMs = 10_000;

/** Returns a share of a data directory, waiting up to `waitMs` for a server that is being stopped; then throws `store_in_use` with pid and command. */
export async function joinStore(dataDirectory: string, command: string, waitMs: number): Promise<Membership> {
  const share = await untilLocked(() => tryKernelLock(toLockFile(dataDirectory), 'shared'), waitMs);
  if (share === null) throw inUse(dataDirectory, waitMs);
  return new Member(dataDirectory, command, share);
}

class Member implements Membership {
  readonly #dataDirectory: string;
  readonly #command: string;
  readonly #share: KernelLock;

  constructor(dataDirectory: string, command: string, share: KernelLock) {
    this.#dataDirectory = dataDirectory;
    this.#command = command;
    this.#share = share;
  }

  tryStart(): KernelLock | null {
    return this.#noted(tryKernelLock(toLockFile(this.#dataDirectory), 'single'));
  }

  // Leavers go one by one: two that had both given up their share would each find the other in the way, and nobody would be the last.
  async leave(asLast: () => Promise<void>): Promise<void> {
    const exit = await untilLocked(() => tryKernelLock(this.#exitFile(), 'whole'), longestExitMs);
    let whole: KernelLock | null = null;
    try {
      whole = this.#giveUpShare();
      if (whole !== null) await asLast();
    } finally {
      whole?.release();
      exit?.release();
    }
  }

  leaveAtOnce(asLast: () => void): void {
    const exit = tryKernelLock(this.#exitFile(), 'whole', longestExitMs);
    let whole: KernelLock | null = null;
    try {
      whole = this.#giveUpShare();
      if (whole !== null) asLast();
    } finally {
      whole?.release();
      exit?.release();
    }
  }

  inUse(waitMs: number): ProductError {
    return inUse(this.#dataDirectory, waitMs);
  }

  #giveUpShare(): KernelLock | null {
    this.#share.release();
    return this.#noted(tryKernelLock(toLockFile(this.#dataDirectory), 'whole'));
  }

  #noted(lock: KernelLock | null): KernelLock | null {
    if (lock === null) return null;
    const startedAt = new Date(performance.timeOrigin).toISOString();
    const holder: Holder = { pid: process.pid, command: this.#command, startedAt };
    try {
      writeFileSync(toHolderFile(this.#dataDirectory), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not keep the server from being stopped; the name is only for the message.
    }
    return lock;
  }

  #exitFile(): string {
    return join(this.#dataDirectory, 'store.exit.lock');
  }
}

async function untilLocked(take: () => KernelLock | null, waitMs: number): Promise<KernelLock | null> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const lock = take();
    if (lock !== null || performance.now() >= deadline) return lock;
    await pause(retryMs);
  }
}

function toLockFile(dataDirectory: string): string {
  return join(dataDirectory, 'store.lock');
}

function toHolderFile(dataDirectory: string): string {
  return join(dataDirectory, 'store.holder.json');
}

/** Returns who wrote its name last, or null where nobody did. */
export function readHolder(dataDirectory: string): Holder | null {
  try {
    return JSON.parse(readFileSync(toHolderFile(dataDirectory), 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function inUse(dataDirectory: string, waitMs: number): ProductError {
  const holder = readHolder(dataDirectory);
  const who =
    holder === null ? 'another process' : `process ${holder.pid} ("${holder.command}", since ${holder.startedAt})`;
  return new ProductError(
    'store_in_use',
    `${dataDirectory}: expected its server within ${waitMs} ms, got ${who} at work on it`,
    { hint: 'wait for that process to start or stop the server; an older tminus keeps it until it ends' },
  );
}
