import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { digestOf } from '@tminus/verify';

import type { CheckReader } from '../../core/check/check.ts';
import { toTemplateValues } from '../../core/check/template-values.ts';
import type { Change } from '../../core/procedure/change.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import type { Run } from '../../core/procedure/run.ts';
import { undoReport } from '../../core/procedure/undo-report.ts';
import { judgeRehearsal } from '../../core/rehearsal/judge-rehearsal.ts';
import { missedFaults } from '../../core/rehearsal/missed-faults.ts';
import type { PassReport, RehearsalReport } from '../../core/rehearsal/rehearsal-report.ts';
import { toReportFile } from '../../kinds/checks/rehearsal/report-file.ts';
import { readEvents } from '../../store/event.ts';
import { openLog } from '../../store/log.ts';
import { readNow } from '../../store/open-store.ts';
import { keepRehearsal } from '../../store/rehearsal.ts';
import { readGitChanges } from '../read-git-changes.ts';
import type { Engine } from '../runs/open-engine.ts';
import { orderRun } from '../runs/order-run.ts';
import type { Scene } from '../scene.ts';
import { callOff } from './call-off.ts';
import { copyWorkspace } from './copy-workspace.ts';
import { judgeControls } from './judge-controls.ts';
import { judgePass, planPasses } from './passes.ts';
import type { PassPlan } from './passes.ts';
import { rehearseOnce } from './rehearse-once.ts';
import type { RehearsedPass } from './rehearse-once.ts';
import { resolveEverywhere } from './resolve-everywhere.ts';

/** What is rehearsed, and how much of it. */
export interface RehearsalWish {
  plan: Plan;
  requester: string;
  /** `quick` goes forward and back once; `full` also plants every fault. */
  depth: 'quick' | 'full';
  /** Works in the launch repository itself instead of a copy of it. */
  inPlace: boolean;
  /** Kinds whose negative controls are judged. */
  checks: readonly CheckReader[];
  signal: AbortSignal;
  onPass?: (pass: PassPlan, run: Run | null) => void;
}

/** A rehearsal that has ended, and the signed file that a `rehearsal` check reads. */
export interface EndedRehearsal {
  report: RehearsalReport;
  /** Why it says nothing, however it went; null where it is the whole of a rehearsal. */
  partial: string | null;
  file: string;
}

/**
 * Rehearses a procedure: forward, back, and with faults planted, each pass as a run of its own on a copy of the repository, by the engine that will run
 * it live; and judges the negative control of every check that it asks. The report is kept. Throws where the plan could touch production (C07).
 */
export async function rehearse(engine: Engine, scene: Scene, wish: RehearsalWish): Promise<EndedRehearsal> {
  const { plan, depth } = wish;
  const { key } = await openLog(engine.store, scene.launch.id);
  const candidates = await resolveEverywhere(scene);
  const beganAt = await readNow(engine.store);
  const changes = await readGitChanges(scene.directory);
  const planned = planPasses(plan, depth);
  const passes = await rehearsePasses(engine, scene, wish, planned);
  const draft: RehearsalReport = {
    format: 'tminus/rehearsal/1',
    id: `rehearsal-${randomBytes(5).toString('hex')}`,
    launch: scene.launch.id,
    procedure: plan.id,
    environment: plan.environment.id,
    planHash: plan.planHash,
    candidateSha256: scene.candidateSha256,
    candidates,
    depth,
    uncommitted: changes?.filter(isOfTheLaunch) ?? null,
    beganAt,
    endedAt: await readNow(engine.store),
    signedBy: key.text,
    passed: false,
    planned: planned.map(({ id }) => id),
    passes,
    controls: judgeControls(plan, wish.checks, toTemplateValues(scene)),
  };
  const { findings, partial } = judgeRehearsal(draft);
  const report = { ...draft, passed: findings.length === 0 && passes.length === planned.length };
  await keepRehearsal(engine.store, toRow(report));
  return { report, partial, file: toReportFile(report, key) };
}

/** What the runtime itself leaves in the repository belongs to no commit. */
function isOfTheLaunch(path: string): boolean {
  return !path.startsWith('.tminus/') && !path.startsWith('reports/rehearsals/');
}

async function rehearsePasses(
  engine: Engine,
  scene: Scene,
  wish: RehearsalWish,
  planned: readonly PassPlan[],
): Promise<PassReport[]> {
  const passes: PassReport[] = [];
  for (const pass of planned) {
    wish.onPass?.(pass, null);
    const ended = await rehearsePass(engine, scene, wish, pass);
    // A pass that was cut short says nothing: without it the rehearsal is not whole.
    if (wish.signal.aborted) break;
    passes.push(ended);
  }
  return passes;
}

function toRow(report: RehearsalReport): Parameters<typeof keepRehearsal>[1] {
  const { id, launch, procedure, environment, planHash, candidateSha256, passed } = report;
  return { id, launch, procedure, environment, planHash, candidateSha256, passed, report };
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
      setting: { workspace, faults: { ...pass.faults }, standIns: 'all', labels: [] },
    });
    const done = await rehearseOnce(advancer, {
      run: ordered.id,
      faults: pass.faults,
      takesBack: pass.takesBack,
      signal,
      onChange: (run) => onPass?.(pass, run),
    });
    const report = await toReport(engine, { pass, done, tookMs: performance.now() - startedAt });
    const open = done.stuck === null ? null : await callOff(advancer, done.run);
    return open === null ? report : { ...report, findings: [...report.findings, open] };
  } finally {
    if (!inPlace) await rm(folder, { recursive: true, force: true });
  }
}

async function toReport(
  { store }: Engine,
  { pass, done, tookMs }: { pass: PassPlan; done: RehearsedPass; tookMs: number },
): Promise<PassReport> {
  const { run, acts } = done;
  const { id, title, takesBack, faults } = pass;
  const events = await readEvents(store, 0, { run: run.id, limit: 100_000 });
  const log = events.map(({ body }) => body as unknown as Change);
  const missed = missedFaults(log, faults);
  const findings = judgePass(pass, done, missed);
  return {
    id,
    title,
    run: run.id,
    takesBack,
    state: run.state,
    passed: findings.length === 0,
    findings,
    faults,
    missed,
    worked: Object.values(run.steps).flatMap(({ id: step, state: end, attempt }) =>
      end === 'done' && attempt > 0 ? [step] : [],
    ),
    stoodIn: acts.map(({ step, why }) => ({ step, why })),
    lastedMs: (run.endedAtMs ?? run.nowMs) - run.createdAtMs,
    tookMs: Math.round(tookMs),
    wayBack: takesBack ? undoReport(log) : null,
    events: { count: log.length, sha256: digestOf(log) },
    log: takesBack ? log : null,
  };
}
