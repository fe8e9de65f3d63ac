import { ProductError } from '../../core/error/product-error.ts';
import { countLanes } from '../../core/home/count-lanes.ts';
import type { HomeSource, LaneCount } from '../../core/home/count-lanes.ts';
import type { AlarmFact, DeferralFact, HomeFact } from '../../core/home/home-fact.ts';
import type { HomeItem } from '../../core/home/home-item.ts';
import { toItems } from '../../core/home/to-items.ts';
import { toNotices } from '../../core/home/to-notices.ts';
import type { Notice } from '../../core/home/to-notices.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { acceptanceFaults } from '../../core/scope/acceptance-faults.ts';
import { readAlarms } from '../../store/alarm.ts';
import { readDismissals } from '../../store/notice-dismissal.ts';
import type { Store } from '../../store/open-store.ts';
import { readNow } from '../../store/open-store.ts';
import type { GateDesk } from '../launches/gate-desk.ts';
import type { LaunchDesk, ServedLaunch } from '../launches/launch-desk.ts';
import { findGateFacts } from './find-gate-facts.ts';
import { findReviewFacts } from './find-review-facts.ts';
import { findRecurringFacts, withoutEchoes } from './find-recurring-facts.ts';
import { findOpenRuns, findRequestFacts, findRunFacts } from './find-run-facts.ts';
import type { FoundRuns, OpenRun, RunLook } from './find-run-facts.ts';

/** What needs a person now, over all launches that they may see. */
export interface Home {
  nowMs: number;
  items: HomeItem[];
  lanes: LaneCount[];
  notices: (Notice & { dismissed: boolean })[];
  sources: HomeSource[];
}

/** What Home is read from. */
export interface HomeParts {
  store: Store;
  launches: LaunchDesk;
  gates: GateDesk;
  /** Is told of what went wrong in a source and is no word for people. */
  report: (error: unknown) => void;
}

/** Who looks, and where they may. */
export interface HomeAsk {
  person: string;
  places: readonly { launch: string; environment: string }[];
}

/** Reads every source beside the others: one that fails is named, and takes nothing of the others with it (D14). */
export async function readHome(parts: HomeParts, { person, places }: HomeAsk): Promise<Home> {
  const nowMs = Date.parse(await readNow(parts.store));
  const served = await parts.launches.list();
  const desk = new SourceDesk(parts.report);
  const found = [
    ...(await Promise.all(served.map((one) => launchFacts(parts, desk, { one, places, nowMs })))).flat(),
    ...(places.length === 0 ? [] : await desk.ask({ kind: 'alarms', launch: null }, () => alarmFacts(parts.store))),
  ];
  const facts = withoutEchoes(found);
  const items = toItems(facts, { person, nowMs });
  const notices = toNotices(facts, items);
  const keys = notices.map(({ key }) => key);
  const dismissed = await readDismissals(parts.store, person, keys);
  return {
    nowMs,
    items,
    lanes: countLanes(items, desk.sources),
    notices: notices.map((notice) => ({ ...notice, dismissed: dismissed.has(notice.key) })),
    sources: desk.sources,
  };
}

type Asked = Pick<HomeSource, 'kind' | 'launch'>;

/** Asks sources, and remembers which did not answer. */
class SourceDesk {
  readonly sources: HomeSource[] = [];
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** The question may tell of a part that it could not answer, and answer the rest. */
  async ask<Fact>(of: Asked, question: (tell: (error: unknown) => void) => Promise<Fact[]>): Promise<Fact[]> {
    const troubles: string[] = [];
    const tell = (error: unknown): void => void troubles.push(this.#wordOf(error));
    const facts = await question(tell).catch((error: unknown) => {
      tell(error);
      return [];
    });
    this.sources.push({ ...of, trouble: troubles.length === 0 ? null : troubles.join('; ') });
    return facts;
  }

  #wordOf(error: unknown): string {
    if (error instanceof ProductError) return error.message;
    this.#report(error);
    return 'it did not answer';
  }
}

interface LaunchAsk {
  one: ServedLaunch;
  places: HomeAsk['places'];
  nowMs: number;
}

async function launchFacts(parts: HomeParts, desk: SourceDesk, ask: LaunchAsk): Promise<HomeFact[]> {
  const { one, places, nowMs } = ask;
  const { id, plan, trouble } = one;
  if (plan === null) {
    const refuse = (): Promise<never> => Promise.reject(trouble ?? new Error(`${id}: no plan`));
    for (const kind of ['documents', 'gates', 'runs', 'approvals'] as const)
      await desk.ask({ kind, launch: id }, refuse);
    return [];
  }
  const { launch } = plan;
  const environments = places.filter((place) => place.launch === launch.id).map(({ environment }) => environment);
  if (environments.length === 0) return [];
  const look: RunLook = { store: parts.store, launch, environments, nowMs };
  const opening = findOpenRuns(look);
  const facts = await Promise.all([
    desk.ask({ kind: 'runs', launch: id }, async (tell) => [
      ...(await findRunFacts(look, told(await opening, tell), tell)),
      ...(await findRecurringFacts(look)),
    ]),
    desk.ask({ kind: 'documents', launch: id }, async () => [
      ...deferralFacts(launch),
      ...(await findReviewFacts(parts.store, launch, one.directory)),
    ]),
    // Where runs did not answer, their approvals did not either: none is not the same as none that is known.
    desk.ask({ kind: 'approvals', launch: id }, async (tell) => findRequestFacts(look, told(await opening, tell))),
    desk.ask({ kind: 'gates', launch: id }, async (tell) => {
      const open = await opening.then(({ runs }) => runs).catch(() => []);
      const looks = environments.map(async (environment) => {
        const t0Ms = expectedT0(launch, open, environment);
        return findGateFacts({ ...parts, scene: await parts.launches.scene(id, environment), t0Ms, nowMs });
      });
      // One environment without a candidate hides no other.
      const found = await Promise.allSettled(looks);
      for (const each of found) if (each.status === 'rejected') tell(each.reason);
      return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    }),
  ]);
  return facts.flat();
}

function told({ runs, missing }: FoundRuns, tell: (trouble: unknown) => void): OpenRun[] {
  if (missing !== null) tell(missing);
  return runs;
}

/** T-0 of the live run where one counts, else that of the document. */
function expectedT0({ t0 }: Launch, open: readonly OpenRun[], environment: string): number | null {
  const here = open.filter(({ run }) => run.plan.environment.id === environment);
  const live = here.find(({ run, explanation }) => run.mode === 'live' && explanation.t0Ms !== null);
  if (live) return live.explanation.t0Ms;
  return t0 === null ? null : Date.parse(t0);
}

function deferralFacts(launch: Launch): DeferralFact[] {
  return acceptanceFaults(launch)
    .filter(({ lacks }) => lacks === 'link')
    .map(({ id, title, text, at }) => {
      const item = launch.scope.find((each) => each.id === id);
      const owner = item?.owner ?? item?.deferral?.owner ?? launch.owner;
      const people = owner === null ? [] : [owner];
      return { kind: 'deferral', launch: launch.id, item: id, title, why: text, people, at };
    });
}

async function alarmFacts(store: Store): Promise<AlarmFact[]> {
  const alarms = await readAlarms(store);
  return alarms.map(({ subject, kind, since, detail }) => ({
    kind: 'alarm',
    subject,
    alarm: kind,
    why: detail,
    sinceMs: since.getTime(),
  }));
}
