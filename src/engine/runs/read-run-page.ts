import { allows } from '../../core/access/allows.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { permissions } from '../../core/access/permission.ts';
import type { Permission } from '../../core/access/permission.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { StepHistory } from '../../core/procedure/progress.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { readLengths } from '../../store/step-record.ts';
import { loadAccess } from '../access/load-access.ts';
import { toRunSetting } from '../run-setting.ts';
import type { RunSetting } from '../run-setting.ts';
import { openLaunchShelf } from '../worker/launch-shelf.ts';
import type { LaunchShelf } from '../worker/launch-shelf.ts';
import { findRun } from './find-run.ts';
import { readRunView } from './read-run-view.ts';
import type { RunView } from './read-run-view.ts';

/** A run with what a page about it shows beside where it stands. */
export interface RunPage {
  view: RunView;
  setting: RunSetting;
  /** The launch as its documents declared it when the run was made. */
  documents: Launch;
  /** Measured lengths of its steps. */
  history: StepHistory;
  /** What whoever asks may do here now. */
  rights: readonly Permission[];
}

/** Reads one; `asker` with the launch as it is declared now, or null for nobody. Throws `run_unknown`. */
export async function readRunPage(
  store: Store,
  id: string,
  asker: { person: string; launch: RightsLaunch } | null,
): Promise<RunPage> {
  const { launch, run, setting } = await findRun(store, { launch: '', environment: null }, id);
  const [view, documents, history, rights] = await Promise.all([
    readRunView(store, id),
    shelfOf(store).find(launch, run.plan.planHash),
    readLengths(store, { launch, procedure: run.plan.id }),
    asker === null ? [] : listRights(store, asker, run.plan.environment.id),
  ]);
  return { view, setting: toRunSetting(setting), documents, history, rights };
}

/** Everything that a person may do in an environment now. Only for showing it: whoever does something is asked again, and that is audited. */
export async function listRights(
  store: Store,
  { person, launch }: { person: string; launch: RightsLaunch },
  environment: string,
): Promise<Permission[]> {
  const { scene } = await loadAccess(store, launch, null);
  const nowMs = Date.parse(await readNow(store));
  const scope = { launch: launch.id, environment };
  return permissions.filter((permission) => allows(scene, { actor: person, permission, scope }, nowMs).allowed);
}

/** Documents of a plan hash never change: each is read once by this process. */
const shelves = new WeakMap<Store, LaunchShelf>();

function shelfOf(store: Store): LaunchShelf {
  const shelf = shelves.get(store) ?? openLaunchShelf(store);
  shelves.set(store, shelf);
  return shelf;
}
