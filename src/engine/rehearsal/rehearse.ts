import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Plan } from '../../core/procedure/plan.ts';
import type { Run } from '../../core/procedure/run.ts';
import { undoReport } from '../../core/procedure/undo-report.ts';
import type { UndoReport } from '../../core/procedure/undo-report.ts';
import type { Change } from '../../core/procedure/change.ts';
import { readEvents } from '../../store/event.ts';
import { readNow } from '../../store/open-store.ts';
import { keepRehearsal } from '../../store/rehearsal.ts';
import type { PlantedFault } from '../run-setting.ts';
import type { Engine } from '../runs/open-engine.ts';
import { orderRun } from '../runs/order-run.ts';
import type { Scene } from '../scene.ts';
import { copyWorkspace } from './copy-workspace.ts';
import { judgePass, planPasses } from './passes.ts';
import type { PassPlan } from './passes.ts';
import { rehearseOnce } from './rehearse-once.ts';
import type { RehearsedPass } from './rehearse-once.ts';

/** What is rehearsed, and how much of it. */
export interface RehearsalWish {
  plan: Plan;
  requester: string;
  /** `quick` goes forward and back once; `full` also plants every fault. */
  depth: 'quick' | 'full';
  /** Works in the launch repository itself instead of a copy of it. */
  inPlace: boolean;
  signal: AbortSignal;
  onPass?: (pass: PassPlan, run: Run | null) => void;
}

/** How one pass went. */
export interface PassReport {
  id: string;
  title: string;
  run: string;
  state: Run['state'];
  passed: boolean;
  /** Why it did not pass; empty where it did. */
  findings: string[];
  faults: { readonly [step: string]: PlantedFault };
  /** What was done in the place of people. */
  stoodIn: { step: string | null; why: string }[];
  /** How long it took by its own clock, and by the clock on the wall. */
  lastedMs: number;
  tookMs: number;
  wayBack: UndoReport | null;
}

/** What a rehearsal came to; it counts for this plan and this candidate only. */
export interface RehearsalReport {
  format: 'tminus/rehearsal/1';
  id: string;
  launch: string;
  procedure: string;
  environment: string;
  planHash: string;
  candidateSha256: string;
  /** RFC 3339, by the database's clock. */
  beganAt: string;
  passed: boolean;
  passes: PassReport[];
}

/**
 * Rehearses a procedure: forward, back, and with faults planted, each pass as a run of its own on a copy of the repository, by the engine that will run
 * it live. The report is kept. Throws where the plan could touch production (C07).
 */
export async function rehearse(engine: Engine, scene: Scene, wish: RehearsalWish): Promise<RehearsalReport> {
  const { plan } = wish;
  const id = `rehearsal-${randomBytes(5).toString('hex')}`;
  const beganAt = await readNow(engine.store);
  const passes: PassReport[] = [];
  for (const pass of planPasses(plan, wish.depth)) {
    wish.onPass?.(pass, null);
    passes.push(await rehearsePass(engine, scene, wish, pass));
    if (wish.signal.aborted) break;
  }
  const report: RehearsalReport = {
    format: 'tminus/rehearsal/1',
    id,
    launch: scene.launch.id,
    procedure: plan.id,
    environment: plan.environment.id,
    planHash: plan.planHash,
    candidateSha256: scene.candidateSha256,
    beganAt,
    passed: !wish.signal.aborted && passes.every(({ passed }) => passed),
    passes,
  };
  const { format: _, beganAt: __, passes: ___, ...row } = report;
  await keepRehearsal(engine.store, { ...row, report });
  return report;
}

/** How far before the first step of the count a pass begins. */
const marginMs = 60_000;

async function rehearsePass(engine: Engine, scene: Scene, wish: RehearsalWish, pass: PassPlan): Promise<PassReport> {
  const { plan, requester, inPlace, signal, onPass } = wish;
  const { store, advancer } = engine;
  const startedAt = performance.now();
  const folder = join(store.dataDirectory, 'rehearsals', randomBytes(6).toString('hex'));
  const workspace = inPlace ? scene.directory : await copyWorkspace(scene.directory, folder);
  try {
    const nowMs = Date.parse(await readNow(store));
    const offsets = plan.steps.flatMap(({ timer }) => (timer.kind === 'offset' ? [timer.offsetMs] : []));
    const ordered = await orderRun(store, scene, {
      plan,
      mode: 'rehearsal',
      requester,
      t0Ms: nowMs - Math.min(0, ...offsets) + marginMs,
      key: null,
      setting: { workspace, faults: { ...pass.faults }, standIns: 'all' },
    });
    await advancer.advance({ run: ordered.id, input: { kind: 'start' } });
    const done = await rehearseOnce(advancer, {
      run: ordered.id,
      faults: pass.faults,
      takesBack: pass.takesBack,
      signal,
      onChange: (run) => onPass?.(pass, run),
    });
    return await toReport(engine, { pass, done, tookMs: performance.now() - startedAt });
  } finally {
    if (!inPlace) await rm(folder, { recursive: true, force: true });
  }
}

async function toReport(
  { store }: Engine,
  { pass, done, tookMs }: { pass: PassPlan; done: RehearsedPass; tookMs: number },
): Promise<PassReport> {
  const { run, acts } = done;
  const findings = judgePass(pass, done);
  const events = pass.takesBack ? await readEvents(store, 0, { run: run.id, limit: 100_000 }) : [];
  return {
    id: pass.id,
    title: pass.title,
    run: run.id,
    state: run.state,
    passed: findings.length === 0,
    findings,
    faults: pass.faults,
    stoodIn: acts.map(({ step, why }) => ({ step, why })),
    lastedMs: (run.endedAtMs ?? run.nowMs) - run.createdAtMs,
    tookMs: Math.round(tookMs),
    wayBack: pass.takesBack ? undoReport(events.map(({ body }) => body as unknown as Change)) : null,
  };
}
