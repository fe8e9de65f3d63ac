import { sign } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { giveGrant } from '../../src/engine/access/give-grant.ts';
import { createPlanLoader, loadPlan } from '../../src/engine/load-plan.ts';
import { startWorker } from '../../src/engine/runs/start-worker.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

/** A run as the API tells it, as far as tests look at it. */
export interface ToldRun {
  id: string;
  state: string;
  version: string;
  holds: { id: string; scope: string; by: string | null }[];
  steps: { id: string; part: string; run: { state: string; detail: string | null; proof: string | null } | null }[];
  blockers: { step: string | null; kind: string; why: string; unblockedBy: string[]; people: string[] }[];
  progress: { percent: number };
  rights: string[];
}

/** A server whose launch has a runbook of three steps that needs no shop, and a worker that carries it out. */
export interface TestRuns extends TestApi {
  read(run: string): Promise<ToldRun>;
  /** Waits until a run is as wanted, and returns it; throws with how it stands where it never is. */
  until(run: string, what: string, isSo: (run: ToldRun) => boolean): Promise<ToldRun>;
  /** Orders a run in staging whose first step is due in a second; returns its id. */
  order(): Promise<string>;
  /** A run in staging that has come to its human step. */
  runAtHumanStep(): Promise<ToldRun>;
  /** Does a deed as a person on the run as it stands. */
  deed(person: string, run: string, name: string, body?: object): Promise<Answer>;
  signedBy(person: string, prepared: Prepared): object;
  /** Gives a person a way round the approvals in production for an hour, confirmed by another. */
  breakGlassFor(person: string, by: string): Promise<void>;
}

/** What the API prepared for signing. */
export interface Prepared {
  canonical: string;
  sha256: string;
  key: string;
}

const runbook = `## Runbook {deciders=lead}

### T-1h Prepare

1. Freeze the shop {#freeze undo=unfreeze undo-after-return=same asset=shop}

   Nobody may change anything **from here on**.

   \`\`\`sh timeout=1m interrupted=rerun retries=2
   echo frozen now
   touch "data/{{ environment.id }}/frozen"
   \`\`\`

2. [HUMAN] Look whether it is frozen {#look role=lead needs=freeze proof=comment}
3. Say that it is done {#finish needs=look reversible=no}

   \`\`\`sh timeout=1m
   echo done
   \`\`\`

## Rollback

1. Thaw the shop {#unfreeze}

   \`\`\`sh timeout=1m interrupted=rerun retries=2
   rm -f "data/{{ environment.id }}/frozen"
   \`\`\`

`;

/** Opens one, on a database and a launch of its own; `prepare` is called before the worker starts. */
export async function openTestRuns(
  options: Parameters<typeof openTestApi>[0] = {},
  prepare: (api: TestApi) => Promise<void> = () => Promise.resolve(),
): Promise<TestRuns> {
  const api = await openTestApi(options);
  const { directory } = api.launch;
  writeRunbook(directory);
  await giveRights(api);
  await prepare(api);
  const load = createPlanLoader({ checks: checkReaders, steps: stepReaders });
  const worker = await startWorker({
    engine: api.engine,
    version: '0.0.0-test',
    slots: 2,
    environment: null,
    stepKinds,
    checkKinds,
    secrets: { providers: [], environment: {}, prefix: null },
    readCheckout: async () => {
      const { launch, planHash, directory: root } = await load(directory);
      return { launch: launch.id, planHash, directory: root };
    },
    report: (error) => void api.trouble.push(error),
  });
  const read = async (run: string): Promise<ToldRun> =>
    (await api.send('alice', 'GET', `/api/runs/${run}`)).body as ToldRun;
  const until: TestRuns['until'] = async (run, what, isSo) => {
    for (const giveUp = performance.now() + 60_000; performance.now() < giveUp; await pause(50)) {
      const now = await read(run);
      if (isSo(now)) return now;
    }
    throw new Error(`run ${run}: expected ${what}, got ${JSON.stringify(await read(run))}`);
  };
  const order = async (): Promise<string> => {
    const path = '/api/launches/shop-cutover';
    const plan = await api.send('dave', 'GET', `${path}/procedures/runbook/plan?environment=staging`);
    const { version } = plan.body as { version: string };
    const t0 = new Date(Date.now() + 3_601_000).toISOString();
    const body = { procedure: 'runbook', expectedVersion: version, reason: 'a test', t0 };
    const ordered = await api.send('carol', 'POST', `${path}/runs?environment=staging`, { body });
    if (ordered.status === 201) return (ordered.body as { run: string }).run;
    throw new Error(`order: expected 201, got ${JSON.stringify(ordered.body)}`);
  };
  return {
    ...api,
    read,
    until,
    order,
    async runAtHumanStep() {
      return until(await order(), 'a person to be waited for', ({ state }) => state === 'waiting_human');
    },
    async deed(person, run, name, body = {}) {
      const { version } = await read(run);
      const said = { reason: 'because the test says so', expectedVersion: version, ...body };
      return api.send(person, 'POST', `/api/runs/${run}/${name}`, { body: said });
    },
    signedBy(person, { canonical, key }) {
      const value = sign(null, Buffer.from(canonical), api.launch.people[person]!.privateKeyPem).toString('base64');
      return {
        format: 'tminus/signed/1',
        statement: JSON.parse(canonical) as object,
        signature: { person, key, value },
      };
    },
    async breakGlassFor(person, by) {
      const { launch } = await loadPlan(directory, { checks: checkReaders, steps: stepReaders });
      await giveGrant(api.store, launch, {
        holder: { kind: 'person', id: person },
        role: 'lead',
        environment: 'production',
        giver: by,
        expiresAt: new Date(Date.now() + 3_000_000).toISOString(),
        delegates: null,
        breakGlass: true,
        reason: 'the approvers are on a plane',
      });
    },
    async close() {
      await worker.stop({ graceSeconds: 2 });
      await api.close();
    },
  };
}

/** Vera may look at staging, and do nothing. Whoever installed it named an admin, who says so. */
async function giveRights({ store, launch: { directory } }: TestApi): Promise<void> {
  const { launch } = await loadPlan(directory, { checks: checkReaders, steps: stepReaders });
  const rest = { expiresAt: null, delegates: null, breakGlass: false, reason: 'a test', environment: 'staging' };
  const person = (id: string): { kind: 'person'; id: string } => ({ kind: 'person', id });
  await giveGrant(store, launch, { ...rest, holder: person('bob'), role: 'admin', giver: null });
  await giveGrant(store, launch, { ...rest, holder: person('vera'), role: 'viewer', giver: 'bob' });
}

/** Everything between the gate and the metrics is replaced, and what refers to it is left out. */
export function writeRunbook(directory: string): void {
  // What recurs begins after a step of the runbook of the shop, which this one does not have.
  for (const name of ['every-day', 'every-week']) rmSync(join(directory, 'sop', `${name}.md`));
  const file = join(directory, 'launch.md');
  const text = readFileSync(file, 'utf8');
  const [before = '', rest = ''] = text.split(/^## Runbook.*$/mu);
  const metrics = /^## Metrics[\s\S]*?(?=^## Scenarios)/mu.exec(rest)?.[0] ?? '';
  const withReader = before.replace(/^people:$/mu, 'people:\n  vera: { name: Vera Holm }');
  writeFileSync(file, `${withReader}${runbook}${metrics}`);
  for (const environment of ['staging', 'production'])
    mkdirSync(join(directory, 'data', environment), { recursive: true });
}
