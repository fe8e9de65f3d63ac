import { Resolver } from 'node:dns/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { RunDesk } from './run-desk.ts';
import { startDnsWorld } from './start-dns-world.ts';
import type { DnsWorld } from './start-dns-world.ts';

const started = await startDnsWorld();
const world = started as DnsWorld;
const reason = started.state === 'missing' ? ` - not run: ${started.reason}` : '';
const desk = new RunDesk(started.state === 'missing' ? '.' : world.cutover.directory);
const minuteMs = 60_000;
let run = '';

afterAll(async () => {
  if (started.state === 'missing') return;
  await desk.stopWorkers();
  await started.stop();
});

/** Everything after T-0 follows at once, and the gate, which other tests are about, is left out: nobody waits 180 days for a test. */
function hurry(): void {
  const file = join(world.cutover.directory, 'launch.md');
  const text = readFileSync(file, 'utf8').replaceAll(/^### T\+\S+/gmu, '### T-0');
  writeFileSync(file, text.replace(/^## Gate[^]*?(?=^## Runbook)/mu, '').replaceAll(/every=\d+s/gu, 'every=2s'));
}

/** What a name server says that the name leads to. */
async function lookUp(server: string): Promise<{ to: string | undefined; ttl: number | undefined }> {
  const resolver = new Resolver({ timeout: 2000 });
  resolver.setServers([server]);
  const name = `members.${world.cutover.environments.staging.zone}`;
  const [to] = await resolver.resolveCname(name);
  const [address] = await resolver.resolve4(name, { ttl: true });
  return { to, ttl: address?.ttl };
}

const everywhere = (): Promise<unknown[]> =>
  Promise.all([world.server.address, ...world.server.secondaries].map(lookUp));

async function confirm(person: string, step: string, proof: string): Promise<void> {
  await desk.untilStep(step, 'waiting_human', { run });
  await desk.done(person, 0, 'confirm', step, '--run', run, '--proof', proof);
}

describe.skipIf(started.state === 'missing')(
  `a name that moves, by the command line${reason}`,
  { timeout: 600_000 },
  () => {
    it('C14 C19 goes over in staging: the short time to live first, then the members, then the name, seen from every name server', async () => {
      hurry();
      const { zone, oldUrl, newUrl } = world.cutover.environments.staging;
      expect(await lookUp(world.server.address)).toEqual({ to: `old.${zone}`, ttl: 3600 });
      await desk.startWorker();
      const t0 = new Date(Date.now() + 45_000).toISOString();
      run = await desk.order('nora', 5, '--environment', 'staging', '--t0', t0);
      await confirm('pia', 'announce', 'https://library.example/news/1');
      await desk.untilStep('freeze', 'waiting_human', { run });
      expect(await everywhere()).toEqual([1, 2, 3].map(() => ({ to: `old.${zone}`, ttl: 60 })));
      await confirm('nora', 'freeze', 'both sites and the zone are frozen');
      await confirm('omar', 'secrets-present', 'the keys are in their places');
      await confirm('nora', 'announce-flip', 'everybody in the room has heard it');
      expect((await fetch(`${oldUrl}/members/17`)).status).toBe(503);
      await confirm('pia', 'verify-sign-in', 'signed in from the office and from a phone');
      expect(await everywhere()).toEqual([1, 2, 3].map(() => ({ to: `new.${zone}`, ttl: 60 })));
      expect((await fetch(`${newUrl}/members/17`)).status).toBe(200);
      const { run: now } = await desk.untilStep('close-window', 'waiting_human', { run });
      expect(Object.values(now.steps).filter(({ state }) => state === 'failed' || state === 'unknown')).toEqual([]);
    });

    it('C17 the way back leads readers to the open old site within its 15 minutes, measured from the events', async () => {
      const { zone, oldUrl } = world.cutover.environments.staging;
      await desk.done('nora', 0, 'undo', run, '--reason', 'readers cannot sign in');
      await confirm('nora', 'unfreeze', 'changes are allowed again');
      await confirm('pia', 'notice', 'https://library.example/news/2');
      await desk.until('the run rolled back', (seen) => seen.run.state === 'rolled_back', { run });
      // The primary has said so; the others have it as soon as it has notified them.
      await expect.poll(everywhere).toEqual([1, 2, 3].map(() => ({ to: `old.${zone}`, ttl: 3600 })));
      expect((await fetch(`${oldUrl}/members/17`)).status).toBe(200);
      const { events } = await desk.events(run);
      const began = events.findIndex(({ text }) => text.includes('readers cannot sign in'));
      const open = events.findIndex(({ type, step }) => type === 'step.completed' && step === 'reopen-old');
      const tookMs = Date.parse(events[open]?.at ?? '') - Date.parse(events[began]?.at ?? '');
      expect(tookMs).toBeGreaterThan(0);
      expect(tookMs).toBeLessThan(15 * minuteMs);
    });
  },
);
