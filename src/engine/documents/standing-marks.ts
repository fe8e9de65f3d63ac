import { criterionBadges } from '../../report/criterion-badges.ts';
import type { Store } from '../../store/open-store.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import type { GateDesk } from '../launches/gate-desk.ts';
import type { Scene } from '../scene.ts';

/** How one line of a document stands: a criterion by the decisions of now, a step by the newest run. */
export interface StandingMark {
  file: string;
  line: number;
  kind: 'criterion' | 'step';
  /** Outcome of a criterion, state of a step. */
  state: string;
  note: string;
  /** Run that a step is told of; null for criteria. */
  run: string | null;
}

interface Ground {
  store: Store;
  gates: GateDesk;
}

/** How criteria and steps of a launch stand, each at its line. Nothing stands beside what nobody has looked at or begun. */
export async function standingMarks({ store, gates }: Ground, scene: Scene): Promise<StandingMark[]> {
  const decided = await Promise.all(scene.launch.gates.map(({ id }) => gates.decide(scene, id)));
  const criteria = decided
    .flatMap(({ decision }) => criterionBadges(decision))
    .map(({ outcome, ...badge }) => ({ ...badge, kind: 'criterion' as const, state: outcome, run: null }));
  return [...criteria, ...(await stepMarks(store, scene))];
}

async function stepMarks(store: Store, { launch, environment }: Scene): Promise<StandingMark[]> {
  const [newest] = await listRuns(store, { launch: launch.id, environment: environment.id, limit: 1 });
  const stored = newest && (await loadRuns(store, [newest.id])).get(newest.id);
  if (!newest || !stored) return [];
  const note = `${newest.mode} run ${newest.id}`;
  return launch.procedures.flatMap(({ steps }) =>
    steps.flatMap(({ id, at }) => {
      const step = Object.hasOwn(stored.run.steps, id) ? stored.run.steps[id] : undefined;
      if (step === undefined || step.state === 'pending') return [];
      return [{ file: at.file, line: at.line, kind: 'step' as const, state: step.state, note, run: newest.id }];
    }),
  );
}
