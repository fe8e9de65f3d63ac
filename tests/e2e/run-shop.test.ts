import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findProcesses, readJson, waitFor } from './run-desk.ts';
import type { StartedWorker } from './run-desk.ts';
import { startRunShop } from './start-run-shop.ts';
import type { RunShop } from './start-run-shop.ts';

let world: RunShop;
let run = '';
let workers: StartedWorker[] = [];

const at = (path: string): string => join(world.launch.directory, path);
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

beforeAll(async () => {
  world = await startRunShop();
  // Nobody ran the smoke tests since yesterday: the gate is shut.
  const old = Date.now() / 1000 - 86_400;
  utimesSync(at('reports/smoke.xml'), old, old);
}, 600_000);
afterAll(() => world.stop());

// One cutover from its order to the way back: the cases follow each other, as the people of the launch would go.
describe('the shop moves, live, with two workers', { timeout: 300_000 }, () => {
  it('D11 O02 a live run in production waits for others than who asked for it', async () => {
    const { desk } = world;
    expect(await desk.refused('dave', 'run', '--detach')).toMatchObject({ exit: 2, code: 'usage' });
    run = await desk.order('dave', 5, '--t0', inSeconds(600), '--reason', 'the shop moves today');
    const seen = await desk.status();
    expect([seen.run.state, seen.run.requestedBy]).toEqual(['pending_approval', 'dave']);
    expect((await desk.tminus('status')).exit).toBe(5);
  });

  it('A26 the requester and an automation cannot approve it; two others can, on what they have read', async () => {
    const { desk } = world;
    const { subject } = readJson(await desk.as('alice', 'approve', run, '--json')) as { subject: string };
    expect(await desk.refused('dave', 'approve', run, '--subject', subject)).toMatchObject({ exit: 6 });
    expect(await desk.refused('deploy-bot', 'approve', run, '--subject', subject)).toMatchObject({ exit: 6 });
    expect(await desk.refused('alice', 'approve', run, '--subject', '0'.repeat(64))).toMatchObject({ exit: 6 });
    await desk.done('alice', 5, 'approve', run, '--subject', subject);
    expect((await desk.status()).run.state).toBe('pending_approval');
    await desk.done('bob', 0, 'approve', run, '--subject', subject);
    expect((await desk.status()).run.state).toBe('queued');
  });

  it('D34 C15 a human step is closed by a human of its role with the proof that it asks for, and by nobody else', async () => {
    const { desk } = world;
    workers = await Promise.all([desk.startWorker(), desk.startWorker()]);
    await desk.untilStep('announce', 'waiting_human');
    const url = ['--proof', 'https://shop.example/news/1'];
    const confirm = ['confirm', 'announce'];
    expect(await desk.refused('carol', ...confirm, ...url)).toMatchObject({
      exit: 6,
      message: expect.stringContaining('role lead'),
    });
    expect(await desk.refused('deploy-bot', ...confirm, ...url)).toMatchObject({
      exit: 6,
      message: expect.stringContaining('automation'),
    });
    expect(await desk.refused('alice', ...confirm)).toMatchObject({
      exit: 6,
      message: expect.stringContaining('proof of kind url'),
    });
    expect(await desk.refused('alice', ...confirm, '--proof', 'done')).toMatchObject({ exit: 2, code: 'usage' });
    expect((await desk.status()).run.steps['announce']?.state).toBe('waiting_human');
    await desk.done('alice', 0, ...confirm, ...url);
    const seen = await desk.untilStep('rehearse', 'waiting_human');
    expect(seen.run.steps['announce']).toMatchObject({ state: 'done', proof: url[1] });
    expect(seen.run.steps['freeze']).toMatchObject({ state: 'done', attempt: 1 });
    expect(existsSync(at('data/production/changes-are-frozen'))).toBe(true);
  });

  it('F15 a hold stops the count and moves T-0; the count can be moved with a reason, and skipping wants one', async () => {
    const { desk } = world;
    const before = await desk.status();
    await desk.done('alice', 0, 'hold', '--reason', 'the bank calls');
    const held = await desk.status();
    expect([held.run.state, held.explanation.isCounting]).toEqual(['held', false]);
    const later = await desk.status();
    expect(later.explanation.countMs).toBe(held.explanation.countMs);
    await desk.done('alice', 0, 'resume', '--reason', 'the bank is content');
    const resumed = await desk.status();
    expect(resumed.explanation.isCounting).toBe(true);
    expect(resumed.explanation.t0Ms).toBeGreaterThan(before.explanation.t0Ms ?? Number.NaN);
    expect((await desk.as('alice', 'retarget', inSeconds(20))).exit).toBe(2);
    const t0 = inSeconds(20);
    await desk.done('alice', 0, 'retarget', t0, '--reason', 'everybody is here');
    expect((await desk.status()).explanation.t0Ms).toBe(Date.parse(t0));
    expect((await desk.as('alice', 'skip', 'rehearse')).exit).toBe(2);
    expect(await desk.refused('alice', 'skip', 'rehearse', '--reason', ' ')).toMatchObject({ exit: 6 });
    await desk.done('carol', 0, 'confirm', 'rehearse', '--proof', 'backups/orders.tar.gz');
    expect((await desk.status()).run.steps['rehearse']?.proof).toMatch(
      /^backups\/orders\.tar\.gz sha256:[0-9a-f]{64}$/,
    );
  });

  it('F13 a gate that says NO-GO keeps T-0 back, and says so, until the evidence is fresh and people have voted', async () => {
    const { desk, shop } = world;
    const back = await desk.until('T-0 kept back by the gate', ({ notes }) =>
      notes.some(({ step, body }) => step === 'legacy-read-only' && body.includes('NO-GO')),
    );
    expect(back.explanation.countMs).toBeGreaterThan(0);
    expect((await desk.tminus('status')).stdout).toContain('gate ready says NO-GO now');
    expect(existsSync(at('data/production/legacy-is-read-only'))).toBe(false);
    writeFileSync(at('data/migration-is-slow'), '');
    expect((await shop.smoke()).exit).toBe(0);
    await desk.passChecks();
    await desk.done('carol', 0, 'attest', 'day-of-work', '--comment', 'I ran a day of orders');
    await desk.voteGate('ready', { alice: 'lead', carol: 'operator' });
    expect((await desk.tminus('decide', 'ready')).exit).toBe(0);
    await desk.untilStep('legacy-read-only', 'done');
    expect(existsSync(at('data/production/legacy-is-read-only'))).toBe(true);
  });

  it('O10 O12 a worker that is killed in the middle of moving the orders is replaced within 15 s, and every order is there once', async () => {
    const { desk } = world;
    await waitFor('a migration that has begun', () => world.readMigrations().length > 0);
    const doing = findProcesses('services/migrate-slowly.ts').flatMap(({ above }) => above);
    const killed = workers.find(({ pid }) => doing.includes(pid));
    expect(killed).toBeDefined();
    const killedAt = Date.now();
    killed?.process.kill('SIGKILL');
    await killed?.ended;
    await waitFor('the other worker', () => world.readMigrations().length > 1);
    // By the event of the takeover: how long a program takes to start is not the worker's.
    const starts = (await desk.events(run)).events.filter(
      ({ step, type }) => step === 'move-orders' && type === 'step.started',
    );
    expect(starts).toHaveLength(2);
    expect(Date.parse(starts[1]?.at ?? '') - killedAt).toBeLessThan(15_000);
    rmSync(at('data/migration-is-slow'));
    const seen = await desk.untilStep('switch-name', 'waiting_human');
    expect(seen.run.steps['move-orders']).toMatchObject({ state: 'done', attempt: 2 });
    expect(world.readMigrations().filter((line) => line.startsWith('end 2'))).toHaveLength(1);
    expect([world.countOrders('legacy'), world.countOrders('new')]).toEqual([200, 200]);
    const { events } = await desk.events(run);
    const ends = events.filter(({ step, type }) => step === 'move-orders' && type === 'step.completed');
    expect(ends).toHaveLength(1);
  });

  it('C16 F12 the first order of a customer on the new side is the point of no return, seen in the data; from then on the way back wants more', async () => {
    const { desk } = world;
    await desk.done('alice', 0, 'confirm', 'switch-name', '--proof', 'the name service says new shop');
    expect((await desk.status()).run.returnPoint.state).toBe('ahead');
    world.placeOrder(201);
    const seen = await desk.until('the point of no return', (one) => one.run.returnPoint.state === 'crossed');
    expect(seen.messages.some(({ body }) => body.includes('the first order that a customer places'))).toBe(true);
    const undo = ['undo', '--reason', 'customers cannot pay'];
    expect(await desk.refused('alice', ...undo)).toMatchObject({
      exit: 6,
      message: expect.stringContaining('level 3'),
    });
    await desk.done('alice', 5, 'request', run, '--way-back', '--reason', 'customers cannot pay');
    await desk.vote('bob', run, 5);
    await desk.vote('carol', run, 5);
    expect(await desk.refused('alice', ...undo)).toMatchObject({ exit: 6 });
    await desk.vote('erin', run, 0);
    await desk.done('alice', 0, ...undo);
  });

  it('C17 the way back keeps what the customer wrote: the legacy shop has 201 orders and takes more', async () => {
    const { desk, shop } = world;
    await desk.untilStep('switch-name-back', 'waiting_human');
    await desk.done('bob', 0, 'confirm', 'switch-name-back');
    const ended = await desk.until('the run rolled back', (one) => one.run.state === 'rolled_back', { run });
    const { steps } = ended.run;
    expect([steps['carry-orders-back']?.state, steps['restore-orders']]).toEqual(['done', undefined]);
    expect([world.countOrders('legacy'), world.countOrders('new')]).toEqual([201, 201]);
    expect((await fetch(`${shop.legacyUrl}/orders/201`)).status).toBe(200);
    for (const left of ['legacy-is-read-only', 'changes-are-frozen'])
      expect(existsSync(at(`data/production/${left}`))).toBe(false);
    expect((await desk.tminus('status', run)).exit).toBe(0);
  });

  it('O15 events go on from a cursor with none lost and none told anew, also after everything was stopped', async () => {
    const { desk } = world;
    const before = await desk.events(run);
    await desk.stopWorkers();
    await world.rest();
    const middle = before.events[Math.floor(before.events.length / 2)]?.cursor ?? 0;
    const after = await desk.events(run);
    const rest = await desk.events(run, middle);
    expect(after.events.slice(0, before.events.length)).toEqual(before.events);
    expect(rest.events.length).toBeGreaterThan(0);
    expect(rest.events).toEqual(after.events.filter(({ cursor }) => cursor > middle));
    const named = new Set(after.events.map(({ cursor, part }) => `${cursor}.${part}`));
    expect(named.size).toBe(after.events.length);
    const cursors = [...new Set(after.events.map(({ cursor }) => cursor))];
    // Events of no run lie in between: cursors of one run rise, and those of all have no gap.
    expect(cursors).toEqual(cursors.toSorted((one, other) => one - other));
    expect(after.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['approval.given', 'execution.held', 'execution.resumed', 'step.completed']),
    );
  });
});
