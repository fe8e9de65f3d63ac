import { appendEntries } from '../../src/store/evidence-log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { setFailpointHandler } from '../../src/store/failpoint.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Workers } from '../../src/engine/delivery.ts';
import type { Worker } from '../../src/engine/worker/open-worker.ts';
import { createRun } from '../../src/engine/advance/create-run.ts';
import { evidence } from '../store/sample-entries.ts';
import { openCallLedger } from './call-ledger.ts';
import type { FaultOrder, FromParent, ToParent } from './fault-messages.ts';
import { labelPoint } from './label-point.ts';

// A worker, or the program of a person, in a process of its own that kills itself where it is told to.
const order = JSON.parse(process.argv[2] ?? '{}') as FaultOrder;
const passages = new Map<string, number>();
const say = (message: ToParent): void => void process.send?.(message);

setFailpointHandler((name, what) => {
  for (const label of labelPoint(name, what)) {
    const count = (passages.get(label) ?? 0) + 1;
    passages.set(label, count);
    if (label === order.die?.point && count === order.die.passage) process.kill(process.pid, 'SIGKILL');
  }
});
process.on('disconnect', () => process.exit());

if (order.role === 'migrator') {
  const { Pool } = await import('pg');
  const pool = new Pool({ connectionString: order.url, max: 2 });
  await migrate(pool);
  say({ say: 'done' });
} else if (order.role === 'appender') {
  const store = await openStore({ databaseUrl: order.url, dataDirectory: order.dataDirectory });
  for (let nr = 0; nr < 5; nr += 1) {
    const [entry] = await appendEntries(store, 'test', [evidence('test', nr)]);
    say({ say: 'appended', id: entry!.id });
  }
  say({ say: 'done' });
} else await serve();

async function serve(): Promise<void> {
  // A matrix starts hundreds of these: none loads what its role does not need.
  const { startEngine } = await import('../runs/start-engine.ts');
  const { url, dataDirectory } = order;
  const open = () => openStore({ databaseUrl: url, dataDirectory });
  const engine = await startEngine({ url, dataDirectory, open, drop: async () => undefined });
  const ledger = openCallLedger(order.targetUrl ?? url);
  const pools: { workers: Workers; slots: number }[] = [];
  const work = engine.delivery.work.bind(engine.delivery);
  engine.delivery.work = async (...args) => {
    const workers = await work(...args);
    pools.push({ workers, slots: workers.slots });
    return workers;
  };
  let worker: Worker | null = null;
  if (order.role === 'worker') {
    worker = await engine.work({
      slots: 3,
      stepKinds: [ledger.kind, (await import('../../src/kinds/steps/command/kind.ts')).commandKind],
      lockWaitSeconds: 0.1,
      stopEveryMs: 100,
      ...(order.lockTimes ? { lockTimes: order.lockTimes } : {}),
      report: () => undefined,
    });
  }
  process.on(
    'message',
    (message: FromParent) =>
      void hear(message).catch((error: unknown) =>
        say({ say: 'failed', id: 'id' in message ? message.id : null, error: String(error) }),
      ),
  );
  say({ say: 'ready' });

  async function hear(message: FromParent): Promise<void> {
    if (message.tell === 'passages') say({ say: 'passages', passages: Object.fromEntries(passages) });
    if (message.tell === 'rest') await Promise.all(pools.map(({ workers }) => workers.resize(0)));
    if (message.tell === 'work') await Promise.all(pools.map(({ workers, slots }) => workers.resize(slots)));
    if (message.tell === 'stop') {
      await worker?.stop({ graceSeconds: 0 });
      process.exit();
    }
    if (message.tell === 'create')
      say({ say: 'answer', id: message.id, answer: await createRun(engine.store, message.order) });
    if (message.tell === 'advance') {
      const { run, input } = message;
      say({ say: 'answer', id: message.id, answer: await engine.advancer.advance({ run, input }) });
    }
  }
}
