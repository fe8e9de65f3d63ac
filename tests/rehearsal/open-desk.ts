import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { EvidenceRecord } from '@tminus/verify';

import { planChecks } from '../../src/core/check/plan-checks.ts';
import { sealEvidence } from '../../src/core/evidence/seal-evidence.ts';
import { decide } from '../../src/core/gate/decide.ts';
import type { Decision } from '../../src/core/gate/decision.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { readLog } from '../../src/engine/read-log.ts';
import { rehearse } from '../../src/engine/rehearsal/rehearse.ts';
import type { EndedRehearsal } from '../../src/engine/rehearsal/rehearse.ts';
import { runChecks } from '../../src/engine/run-checks.ts';
import { openEngine } from '../../src/engine/runs/open-engine.ts';
import type { Engine } from '../../src/engine/runs/open-engine.ts';
import { orderRun } from '../../src/engine/runs/order-run.ts';
import { planRun } from '../../src/engine/runs/plan-run.ts';
import { startWorker } from '../../src/engine/runs/start-worker.ts';
import { toScene } from '../../src/engine/scene.ts';
import type { Scene } from '../../src/engine/scene.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { envProvider } from '../../src/kinds/secrets/env/provider.ts';
import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { createAppender } from '../../src/store/appender.ts';
import { readProgress } from '../../src/store/step-record.ts';
import { loadRuns } from '../../src/store/run.ts';
import { createTestDatabase } from '../setup/test-database.ts';

const front = `---
tminus: launch
id: move
title: Move
environment: production
candidate: { commit: c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00, url: "{{ environment.url }}" }
environments:
  production: { url: "http://127.0.0.1:1", production: true }
  staging: { url: "http://127.0.0.1:2", production: false }
people: { dave: Dave }
roles: { lead: [dave] }
---

# Move
`;

/** A launch in a folder of its own, with a real store, a real engine and a worker that carries out real steps. */
export interface Desk {
  readonly engine: Engine;
  readonly directory: string;
  write(file: string, text: string): void;
  /** The launch as its document stands now, in an environment. */
  scene(environment: string): Promise<Scene>;
  rehearse(depth?: 'quick' | 'full'): Promise<EndedRehearsal>;
  /** Runs the check of one criterion now, and returns what was sealed. */
  check(criterion: string, environment?: string): Promise<EvidenceRecord>;
  /** Seals what the check of a criterion sees now as if it had been seen so many hours ago. */
  checkOfOld(criterion: string, environment: string, hours: number): Promise<void>;
  decide(gate: string, environment: string): Promise<Decision>;
  /** Orders a live run in staging and begins it. */
  start(): Promise<string>;
  run(id: string): Promise<Run>;
  /** What was noted of steps that could not begin. */
  notes(id: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens it on the body of a launch document, with other front matter and values of secrets where a test has its own. */
export async function openDesk(
  body: string,
  { head = front, variables = {} }: { head?: string; variables?: { [name: string]: string } } = {},
): Promise<Desk> {
  const directory = mkdtempSync(join(tmpdir(), 'tminus-rehearsed-'));
  const database = await createTestDatabase();
  const store = await database.open();
  const report = (error: unknown): void => process.emitWarning(error as Error);
  const engine: Engine = await openEngine(store, { report });
  const readers = { checks: checkReaders, steps: stepReaders };
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  write('launch.md', `${head}\n${body}`);
  const worker = await startWorker({
    engine,
    environment: null,
    version: 'test',
    slots: 2,
    stepKinds,
    checkKinds,
    secrets: { providers: [envProvider], environment: variables, prefix: null },
    readCheckout: async () => {
      const { launch, planHash, directory: root } = await loadPlan(directory, readers);
      return { launch: launch.id, planHash, directory: root };
    },
    report,
  });
  const scene = async (environment: string): Promise<Scene> => toScene(await loadPlan(directory, readers), environment);
  const run = async (id: string): Promise<Run> => (await loadRuns(store, [id])).get(id)!.run;
  return {
    engine,
    directory,
    write,
    scene,
    run,
    async rehearse(depth = 'full') {
      const staged = await scene('staging');
      const signal = AbortSignal.timeout(300_000);
      const wish = {
        plan: planRun(staged, null, stepKinds),
        requester: 'dave',
        depth,
        inPlace: false,
        checks: checkReaders,
        signal,
      };
      return rehearse(engine, staged, wish);
    },
    async check(criterion, environment = 'production') {
      const signal = AbortSignal.timeout(120_000);
      const wanted = {
        store,
        scene: await scene(environment),
        kinds: checkKinds,
        signal,
        only: [criterion],
        force: true,
      };
      const { runs } = await runChecks(wanted);
      return runs[0]!.record;
    },
    async checkOfOld(criterion, environment, hours) {
      const at = await scene(environment);
      const [planned] = planChecks({ ...at, entries: [], now: Date.now(), only: [criterion] });
      const kind = checkKinds.find((one) => one.kind === planned?.check?.kind);
      if (!kind || !planned?.check || !planned.asked) throw new Error(`${criterion}: expected a check, got none`);
      const context = { signal: AbortSignal.timeout(120_000), workspace: directory, allow: [], now: Date.now };
      const observation = await kind.observe(planned.asked.spec, context);
      const entry = sealEvidence({
        reader: kind,
        binding: at.binding,
        criterion,
        checkSha256: planned.check.sha256,
        asked: planned.asked,
        observation,
        mode: 'real',
        observedAt: new Date(Date.now() - hours * 3_600_000).toISOString(),
        durationMs: 1,
        producer: { kind: 'check', tool: 'test' },
        supersedes: null,
      });
      const appender = createAppender(store);
      await appender.append(at.launch.id, { entry, blobs: observation.sources.map(({ bytes }) => bytes) });
      await appender.close();
    },
    async decide(gate, environment) {
      const at = await scene(environment);
      const { entries } = await readLog(store, at.launch.id);
      return decide({ ...at, gate, entries, now: new Date().toISOString() });
    },
    async start() {
      const staged = await scene('staging');
      const setting = { workspace: directory, faults: {}, standIns: null, labels: [] };
      const plan = planRun(staged, null, stepKinds);
      const ordered = await orderRun(store, staged, {
        plan,
        mode: 'live',
        requester: 'dave',
        t0Ms: null,
        key: null,
        setting,
      });
      await engine.advancer.advance({ run: ordered.id, input: { kind: 'start' } });
      return ordered.id;
    },
    async notes(id) {
      return (await readProgress(store, id)).map((note) => note.body);
    },
    async close() {
      await worker.stop({ graceSeconds: 5 });
      await engine.close({ graceSeconds: 5 });
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Waits until something is so; a hang is a failure with its name. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const endsAt = performance.now() + 180_000; !(await isSo()); await pause(100))
    if (performance.now() > endsAt) throw new Error(`expected ${what}, got none within three minutes`);
}
