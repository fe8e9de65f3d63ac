import { Agent } from 'node:http';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

import { createShadowTally } from '../../core/rollout/shadow/shadow-tally.ts';
import { toRoute } from '../../core/rollout/shadow/to-route.ts';
import { portOf } from '../checks/send-request.ts';
import { createStepGuard } from '../steps/guard-hosts.ts';
import { compareCopy } from './compare-copy.ts';
import type { Forwarded, Upstream } from './forward-request.ts';
import type { CopyAnswer, CopyMessage, CopySettings } from './start-copies.ts';

// A thread of its own, so that whatever a copy costs is not taken from the clients. It is done with each that it was handed, whatever became of it.
const { wish, context, done } = workerData as CopySettings;
const counter = new Int32Array(done);
const guard = createStepGuard(context);
const open = (text: string): Upstream => {
  const url = new URL(text);
  return { url, agent: new Agent({ keepAlive: true, lookup: guard.lookupFor(portOf(url)) }) };
};
const upstreams = { stable: open(wish.stable), canary: open(wish.canary) };
const ending = new AbortController();
const tally = createShadowTally();
const waiting: Forwarded[] = [];
let running = 0;

yieldToClients();

parentPort?.on('message', (message: CopyMessage) => {
  if (message.kind === 'copy') waiting.push(message.forwarded);
  else if (message.kind === 'dropped') noteDropped(message.routes);
  else if (message.kind === 'report') answer({ id: message.id, routes: tally.report() });
  else end();
  next();
});

/** On Linux a thread has a priority of its own: this one works where clients leave time. Elsewhere it would be that of the process. */
function yieldToClients(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(19);
  } catch {
    // Copies are sent all the same.
  }
}

function next(): void {
  const first = running < wish.concurrency && !ending.signal.aborted ? waiting.shift() : undefined;
  if (first === undefined) return;
  running += 1;
  void copy(first).finally(() => {
    running -= 1;
    Atomics.add(counter, 0, 1);
    next();
  });
  next();
}

async function copy(forwarded: Forwarded): Promise<void> {
  // A body that is nested beyond all measure breaks whoever compares it: it is not equal, and it ends nothing.
  const outcome = await compareCopy(forwarded, { wish, upstreams, ending }).catch(() => ({
    state: 'uncompared' as const,
  }));
  tally.note(toRoute(forwarded.method, forwarded.target), outcome);
}

function noteDropped(routes: { [route: string]: number }): void {
  for (const [route, times] of Object.entries(routes)) tally.drop(route, times);
}

function answer(said: CopyAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin
  parentPort?.postMessage(said);
}

function end(): void {
  ending.abort();
  for (const { agent } of [upstreams.stable, upstreams.canary]) agent.destroy();
  parentPort?.close();
}
