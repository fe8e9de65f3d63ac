import { allows } from '../../core/access/allows.ts';
import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from '../../core/access/approval-request.ts';
import { excludedHumans } from '../../core/access/excluded-humans.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { HomeFact, RequestFact, TroubleFact } from '../../core/home/home-fact.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import { explainRun } from '../../core/procedure/explain-run.ts';
import type { Blocker } from '../../core/procedure/explain-run.ts';
import type { Run } from '../../core/procedure/run.ts';
import type { Store } from '../../store/open-store.ts';
import { listNewestRuns, listRuns, loadRuns } from '../../store/run.ts';
import type { RunLine, StoredRun } from '../../store/run.ts';
import { assessRun } from '../access/assess-request.ts';
import { loadAccess } from '../access/load-access.ts';
import { toRunSetting } from '../run-setting.ts';

/** What runs are looked at with. */
export interface RunLook {
  store: Store;
  launch: Launch;
  /** Environments in which whoever looks may see runs. */
  environments: readonly string[];
  nowMs: number;
}

/** A run that has not ended, with where it stands. */
export interface OpenRun extends StoredRun {
  explanation: ReturnType<typeof explainRun>;
}

/** Far more than can be open at once, or can begin and end in a day: of more the newest are looked at, and whoever asks is told. */
const mostRuns = 1_000;
/** How long something that happened is news. */
const newsMs = 86_400_000;

/** Open runs, and why some are not among them; null where all are. */
export interface FoundRuns {
  runs: OpenRun[];
  missing: ProductError | null;
}

/** Runs of a launch that have not ended. Those in which everybody is stood in for ask nobody for anything. */
export async function findOpenRuns({ store, launch, environments, nowMs }: RunLook): Promise<FoundRuns> {
  const places = environments.map((environment) => ({ launch: launch.id, environment }));
  const lines = await listRuns(store, { places, open: true, limit: mostRuns + 1 });
  const ids = lines.slice(0, mostRuns).map(({ id }) => id);
  const stored = [...(await loadRuns(store, ids)).values()];
  const runs = stored
    .filter(({ setting }) => toRunSetting(setting).standIns !== 'all')
    .map((each) => ({ ...each, explanation: explainRun(each.run, nowMs + each.aheadMs) }));
  return { runs, missing: lines.length > mostRuns ? tooMany(`open runs of ${launch.id}`) : null };
}

/** What is not looked at is told, so that a count of the rest is never taken for the whole (D14). */
function tooMany(what: string): ProductError {
  return new ProductError('overloaded', `${what}: expected at most ${mostRuns}, got more; the newest were looked at`, {
    hint: 'look at the list of runs',
  });
}

/** What open runs wait for, and what ended badly and was not run again. */
export async function findRunFacts(
  look: RunLook,
  open: readonly OpenRun[],
  tell: (trouble: unknown) => void,
): Promise<HomeFact[]> {
  const { store, launch, environments, nowMs } = look;
  const places = environments.map((environment) => ({ launch: launch.id, environment }));
  const [newest, recent] = await Promise.all([
    listNewestRuns(store, places),
    listRuns(store, { places, mode: 'live', since: new Date(nowMs - newsMs), limit: mostRuns + 1 }),
  ]);
  if (recent.length > mostRuns) tell(tooMany(`runs of ${launch.id} within a day`));
  return [
    ...open.flatMap((each) => openFacts(each)),
    ...newest.flatMap((line) => endFacts(launch, line)),
    ...recent.slice(0, mostRuns).flatMap((line) => stageFacts(launch, line, nowMs)),
    ...open.flatMap(({ run, launch: of }) => crossedFacts(run, of)),
  ];
}

function openFacts({ run, launch, explanation, aheadMs }: OpenRun): HomeFact[] {
  const of = { launch, run: run.id, environment: run.plan.environment.id };
  const planned = plannedSteps(run.plan);
  return explanation.blockers.flatMap((blocker): HomeFact[] => {
    const { step, kind, why, people, untilMs, onLimit } = blocker;
    const title = step === null ? run.plan.title : (planned.get(step)?.title ?? step);
    const state = step === null ? undefined : run.steps[step];
    if (kind === 'person' && step !== null && state?.wait && state.wait.for !== 'time') {
      const { role, sinceMs } = state.wait;
      const fact = { kind: 'step', ...of, step, title, waitsFor: state.wait.for, role } as const;
      const proof = planned.get(step)?.proof ?? null;
      return [{ ...fact, proof, people, sinceMs: sinceMs - aheadMs, untilMs: before(untilMs, aheadMs), onLimit }];
    }
    const cause = causeOf(blocker);
    return cause === null ? [] : [{ kind: 'trouble', ...of, step, title, cause, why, people, sinceMs: null }];
  });
}

/** An instant by the clock of a run, by the clock on the wall. */
function before(ms: number | null, aheadMs: number): number | null {
  return ms === null ? null : ms - aheadMs;
}

function causeOf({ kind, unblockedBy, people }: Blocker): TroubleFact['cause'] | null {
  if (kind === 'failure') return people.length > 0 ? 'failed' : null;
  if (kind === 'unknown') return 'outcome-unknown';
  if (kind === 'hold') return 'held';
  if (kind === 'count' && unblockedBy.length > 0) return 'held';
  return kind === 'start' && people.length > 0 ? 'not-started' : null;
}

const badEnds: readonly RunLine['state'][] = ['failed', 'timed_out', 'partial'];

function endFacts(launch: Launch, line: RunLine): HomeFact[] {
  if (!badEnds.includes(line.state)) return [];
  const why = `the run ended as ${line.state.replace('_', ' ')}, and was not run again`;
  const people = launch.owner === null ? [] : [launch.owner];
  return [
    {
      kind: 'trouble',
      ...ofLine(line),
      step: null,
      title: titleOf(launch, line),
      cause: 'ended',
      why,
      people,
      sinceMs: line.endedAt?.getTime() ?? null,
    },
  ];
}

function stageFacts(launch: Launch, line: RunLine, nowMs: number): HomeFact[] {
  const title = titleOf(launch, line);
  const moments = [
    ['started', line.createdAt.getTime()],
    ['ended', line.endedAt?.getTime() ?? null],
  ] as const;
  return moments.flatMap(([stage, atMs]): HomeFact[] =>
    atMs === null || nowMs - atMs > newsMs ? [] : [{ kind: 'stage', ...ofLine(line), people: [], title, stage, atMs }],
  );
}

function crossedFacts({ id, plan, returnPoint }: Run, launch: string): HomeFact[] {
  const { state, atMs } = returnPoint;
  if (state !== 'crossed' || atMs === null) return [];
  const of = { launch, run: id, environment: plan.environment.id, people: [] };
  return [{ kind: 'stage', ...of, title: plan.title, stage: 'crossed', atMs }];
}

function ofLine({ id, launch, environment }: RunLine): { launch: string; run: string; environment: string } {
  return { launch, run: id, environment };
}

function titleOf({ procedures }: Launch, { procedure }: RunLine): string {
  return procedures.find(({ id }) => id === procedure)?.title ?? procedure;
}

/** Approvals that open runs wait for, with whose vote would count. */
export async function findRequestFacts(look: RunLook, open: readonly OpenRun[]): Promise<RequestFact[]> {
  const { store, launch, nowMs } = look;
  const found = await Promise.all(
    open.map(async ({ run }) => {
      const { scene } = await loadAccess(store, launch, run.id);
      const assessed = await assessRun(store, { launch }, run.id, nowMs);
      return assessed.flatMap(({ request, votes, assessment }): RequestFact[] => {
        const untilMs = Date.parse(request.expiresAt);
        if (assessment.approved || assessment.noGo.length > 0 || untilMs <= nowMs) return [];
        const of = { launch: launch.id, run: run.id, environment: request.environment, request: request.id };
        const why = assessment.reasons.join('; ');
        const heard = votes.filter(({ id }) => assessment.go.includes(id));
        const people = votersOf({ launch, request, scene, heard, nowMs });
        return [{ kind: 'request', ...of, title: `${run.plan.title}: ${request.reason}`, why, people, untilMs }];
      });
    }),
  );
  return found.flat();
}

interface VoterAsk {
  launch: Launch;
  request: ApprovalRequest;
  scene: ApprovalScene;
  heard: readonly LoggedActionVote[];
  nowMs: number;
}

function votersOf({ launch, request, scene, heard, nowMs }: VoterAsk): string[] {
  const excluded = excludedHumans(request, scene);
  const humans = new Map(launch.people.map(({ id, human }) => [id, human]));
  const spoken = new Set(heard.map(({ entry }) => humans.get(entry.statement.person)));
  const scope = { launch: launch.id, environment: request.environment };
  return launch.people
    .filter(({ human, automation }) => !automation && !excluded.has(human) && !spoken.has(human))
    .filter(({ id }) => allows(scene, { actor: id, permission: 'approval.vote', scope }, nowMs).allowed)
    .map(({ id }) => id);
}
