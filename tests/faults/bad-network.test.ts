import { afterAll, describe, expect, it } from 'vitest';

import { behindProxy } from '../runs/wire-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import { toPrinted } from './call-ledger.ts';
import { proveTakeover } from './cut-one-way.ts';
import { ImpairedLink } from './impaired-link.ts';
import { findNamespaceTrouble, openNamespace } from './network-namespace.ts';
import type { NetworkNamespace } from './network-namespace.ts';
import { openPlace } from './place.ts';
import type { Place, Way } from './place.ts';
import { orderSteps, safeStep, seeThrough, untilCalled } from './see-through.ts';

const trouble = await findNamespaceTrouble();
const why = trouble === null ? '' : ` (skipped: ${trouble})`;

/** One packet in five is lost, each way. */
const lossy = `counter seen { }
  counter lost { }
  chain in { type filter hook input priority 0; counter name seen; numgen random mod 100 < 20 counter name lost drop; }
  chain out { type filter hook output priority 0; counter name seen; numgen random mod 100 < 20 counter name lost drop; }`;
const deaf = (hook: 'input' | 'output'): string =>
  `counter lost { }
  chain way { type filter hook ${hook} priority 0; counter name lost drop; }`;

/** Ends what the tests opened, also where one of them failed; all of them go on at once. */
const opened: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(opened.map((close) => close())), 300_000);

describe.skipIf(trouble !== null)(`a worker in a network of its own${why}`, () => {
  it.concurrent.each(['input', 'output'] as const)(
    'F48 the kernel drops every packet of its %s: its step goes to another, and it is fenced out',
    async (hook) => {
      const { place, network, way } = await openApart();
      const { catchUpMs } = await proveTakeover(place, {
        way,
        cut: () => network.filter(deaf(hook)),
        heal: () => network.filter('counter lost { }'),
        lost: () => network.count('lost'),
      });
      // The kernel sends again when it next would have: after as long a pause as the cut had lasted, at most.
      expect(catchUpMs).toBeLessThan(50_000);
    },
    400_000,
  );

  it.concurrent('F50 every fifth packet is lost: every run ends, each effect once', async () => {
    const { place, network, way } = await openApart();
    const worker = place.start('worker', null, way);
    expect(await worker.ready).toBe(true);
    network.filter(lossy);
    const steps = () => [safeStep('a', 'once slow 100'), safeStep('b', 'once slow 100'), safeStep('c', 'once')];
    const runs = await Promise.all(['x', 'y', 'z'].map((key) => orderSteps(place, key, steps())));
    const ended = [];
    for (const run of runs) ended.push(await seeThrough(place, run));
    expect(ended.map(({ run }) => run.state)).toEqual(runs.map(() => 'completed'));
    expect(ended.at(-1)?.violations).toEqual([]);
    const applied = ended.flatMap(({ calls }) => calls.filter(({ appliedAtMs }) => appliedAtMs !== null));
    expect(applied.map(({ key }) => key)).toEqual(runs.flatMap(({ id }) => ['a', 'b', 'c'].map((of) => `${id}/${of}`)));
    const [lost, seen] = [network.count('lost'), network.count('seen')];
    expect(lost).toBeGreaterThan(30);
    expect(lost / seen).toBeGreaterThan(0.1);
  }, 400_000);

  it.concurrent('F51 a link of 256 kbit: what steps print waits for the link, all of it arrives, and no lease is lost', async () => {
    const { place, network, way } = await openApart();
    const worker = place.start('worker', null, way);
    expect(await worker.ready).toBe(true);
    network.queue(['tbf', 'rate', '256kbit', 'burst', '4kb', 'latency', '400ms']);
    const lines = 3_500;
    const began = performance.now();
    const run = await orderSteps(place, 'talk', [safeStep('a', `once print ${lines}`), safeStep('b', 'once')]);
    await untilCalled(place, run.id, 'a');
    place.start('worker');
    await place.engine.until(run.id, ({ steps }) => steps['a']?.state === 'done');
    const tookMs = performance.now() - began;
    const { run: ended, logs, violations } = await seeThrough(place, run);
    expect([ended.state, ended.steps['a']?.attempt, violations]).toEqual(['completed', 1, []]);
    const printed = Array.from({ length: lines }, (_, line) => toPrinted(line)).join('');
    expect(logs[`${run.id}/a/1`]).toBe(`calls ${run.id}/a\n${printed}`);
    // 32 kB a second, and what the burst lets through at once.
    expect(tookMs).toBeGreaterThan((printed.length / 32_000) * 900);
    const { bytes, overLimit } = network.queued();
    expect(bytes).toBeGreaterThan(printed.length);
    expect(overLimit).toBeGreaterThan(0);
  }, 400_000);
});

async function openApart(): Promise<{
  place: Place;
  network: NetworkNamespace;
  way: Way;
}> {
  const place = await openPlace(await createTestDatabase());
  const network = openNamespace();
  const { target, through } = behindProxy(place.database.url);
  const door = new ImpairedLink(target);
  const way = { url: through(await door.listen(network.address), network.address), within: network.within };
  opened.push(async () => {
    for (const child of place.children) if (child.ended() === null) child.signal('SIGKILL');
    await Promise.all(place.children.map(({ exited }) => exited));
    await door.close();
    await place.close();
    network.close();
  });
  return { place, network, way };
}
