import { parentPort, workerData } from 'node:worker_threads';

import { Client } from 'pg';

import type { BeatMessage, BeatSettings, HeldJob } from './start-beat.ts';

// A thread of its own, so that a handler that keeps the event loop of the process busy does not look dead. It decides nothing: tokens do.
const { url, beatSeconds, leaseSeconds } = workerData as BeatSettings;
const held = new Map<number, HeldJob>();
let heardAt = performance.now();
let client: Client | null = null;

parentPort?.on('message', (message: BeatMessage) => {
  heardAt = performance.now();
  if (message.kind === 'all') held.clear();
  for (const job of message.jobs) held.set(job.token, job);
});

async function connect(): Promise<Client> {
  const opened = new Client({
    connectionString: url,
    application_name: 'tminus-beat',
    connectionTimeoutMillis: 5000,
    query_timeout: 5000,
    keepAlive: true,
  });
  opened.on('error', drop);
  await opened.connect();
  return opened;
}

function drop(): void {
  const gone = client;
  client = null;
  void gone?.end().catch(() => undefined);
}

// Only tries that are still under way under the very token: a claim that was taken over is not brought back to life.
const beatSql = `
  update tminus_delivery.job as j set heartbeat_on = tminus_delivery.job_now()
    from unnest($1::text[], $2::uuid[], $3::bigint[]) as t (queue, job, token)
    join tminus.job_claim as held on held.queue = t.queue and held.job = t.job and held.token = t.token and held.outcome is null
    where j.name = t.queue and j.id = t.job and j.state = 'active' and j.retry_count = held.attempt - 1`;

/** A process whose main thread has been silent for the lease hangs: its jobs go to others. */
async function beat(): Promise<void> {
  if (held.size === 0 || performance.now() - heardAt > leaseSeconds * 1000) return;
  const jobs = [...held.values()];
  try {
    client ??= await connect();
    await client.query(beatSql, [
      jobs.map(({ queue }) => queue),
      jobs.map(({ job }) => job),
      jobs.map(({ token }) => token),
    ]);
  } catch {
    // Without an answer of the database nothing is known; the next beat connects again.
    drop();
  }
}

for (;;) {
  await new Promise((resolve) => setTimeout(resolve, beatSeconds * 1000));
  await beat();
}
