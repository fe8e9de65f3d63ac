import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A target of checks that answers when the test says so. */
export interface HeldTarget {
  port: number;
  /** Resolves when this many requests have come since the start. */
  asked(count: number): Promise<void>;
  /** Answers everything that waits, and from now on everything at once. */
  release(): void;
  /** Lets requests wait again. */
  hold(): void;
  stop(): Promise<void>;
}

/** Starts a target on loopback; it holds its answers back. */
export async function startHeldTarget(): Promise<HeldTarget> {
  const waiting: ServerResponse[] = [];
  const state = { count: 0, held: true };
  const server = createServer((_, response) => {
    state.count += 1;
    if (state.held) waiting.push(response);
    else response.end('hello');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async asked(count) {
      for (const deadline = performance.now() + 120_000; state.count < count; await pause(20))
        if (performance.now() > deadline) throw new Error(`target: expected ${count} requests, got ${state.count}`);
    },
    release() {
      state.held = false;
      for (const response of waiting.splice(0)) response.end('hello');
    },
    hold: () => void (state.held = true),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
