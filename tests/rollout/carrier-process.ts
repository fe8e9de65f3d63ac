import { loadPlan } from '../../src/engine/load-plan.ts';
import { keepShifts } from '../../src/engine/rollout/keep-shifts.ts';
import { openEngine } from '../../src/engine/runs/open-engine.ts';
import { openWorkspaces } from '../../src/engine/worker/workspaces.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { metricSourceKinds } from '../../src/kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../src/kinds/routers/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { setFailpointHandler } from '../../src/store/failpoint.ts';
import { openStore } from '../../src/store/open-store.ts';

/** A process that carries shifts and dies by SIGKILL at the `nth` passage of a point. */
const [databaseUrl, dataDirectory, folder, point, nth] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const store = await openStore({ databaseUrl, dataDirectory });
const report = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
const engine = await openEngine(store, { report });
let passed = 0;
setFailpointHandler((name) => {
  if (name === point && ++passed === Number(nth)) process.kill(process.pid, 'SIGKILL');
});
const readCheckout = async (): Promise<{ launch: string; planHash: string; directory: string }> => {
  const { launch, planHash, directory } = await loadPlan(folder, { checks: checkReaders, steps: stepReaders });
  return { launch: launch.id, planHash, directory };
};
keepShifts({
  engine,
  kinds: { routers: routerKinds, sources: metricSourceKinds },
  workspaces: openWorkspaces(readCheckout, null),
  stepKinds: stepReaders,
  openSecret: () => Promise.reject(new Error('no secret is declared')),
  lockTimes: { leaseSeconds: 2, renewSeconds: 0.5, silentSeconds: 2 },
  report,
});
setInterval(() => undefined, 1_000);
