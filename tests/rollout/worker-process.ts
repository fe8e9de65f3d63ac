import { setFailpointHandler } from '../../src/store/failpoint.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startRolloutWorker } from './start-rollout-worker.ts';

/** A worker in a process of its own that dies by SIGKILL at the `nth` passage of a point. */
const [databaseUrl, dataDirectory, folder, point, nth] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
let passed = 0;
setFailpointHandler((name) => {
  if (name === point && ++passed === Number(nth)) process.kill(process.pid, 'SIGKILL');
});
await startRolloutWorker(await openStore({ databaseUrl, dataDirectory }), folder);
