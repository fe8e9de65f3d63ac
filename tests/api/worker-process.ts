import { openEngine } from '../../src/engine/runs/open-engine.ts';
import { startWorker } from '../../src/engine/runs/start-worker.ts';
import { openStore } from '../../src/store/open-store.ts';

// A worker in a process of its own: node worker-process.ts DATA DATABASE-URL LAUNCH. Prints its id, and leaves when its input ends.
const [dataDirectory = '', databaseUrl = '', launch = ''] = process.argv.slice(2);
const report = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
const store = await openStore({ dataDirectory, databaseUrl });
const engine = await openEngine(store, { report });
const worker = await startWorker({
  engine,
  version: '0.0.0-test',
  slots: 3,
  environment: null,
  stepKinds: [],
  checkKinds: [],
  secrets: { providers: [], environment: {}, prefix: null },
  readCheckout: async () => Promise.resolve({ launch, planHash: 'a'.repeat(64), directory: dataDirectory }),
  report,
});
process.stdout.write(`${worker.id}\n`);
for await (const _ of process.stdin);
await worker.stop({ graceSeconds: 1 });
await engine.close({ graceSeconds: 1 });
await store.close();
