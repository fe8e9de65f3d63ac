import { ProductError } from '../../core/error/product-error.ts';
import {
  awaitedNames,
  recurringProcedures,
  recurringScope,
  requesterOf,
  toRecurringEntries,
} from '../../core/schedule/recurring.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { ScheduleEntry } from '../../core/schedule/schedule.ts';
import type { AlarmChange } from '../../store/alarm.ts';
import { keepMessage } from '../../store/message.ts';
import { loadRuns } from '../../store/run.ts';
import { readFirstDone } from '../../store/run-ends.ts';
import type { SlotKey } from '../../store/schedule.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { recurringQueue } from '../advance/work-queues.ts';
import type { Claim } from '../delivery.ts';
import type { Engine } from '../runs/open-engine.ts';
import { beginLiveRun, orderLiveRun } from '../runs/order-live-run.ts';
import { planRun } from '../runs/plan-run.ts';
import { toRunSetting } from '../run-setting.ts';
import { openSchedule } from '../schedule/open-schedule.ts';
import type { Schedule } from '../schedule/open-schedule.ts';
import type { Scene } from '../scene.ts';
import { runOfSlot } from './run-of-slot.ts';

/** What a worker needs to look after the procedures of its launch that recur. */
export interface RecurringOptions {
  /** Reads the launch as it is at that moment. */
  loadScene: () => Promise<Scene>;
  kinds: readonly StepReader[];
  /** How often documents and slots are looked at. */
  everyMs?: number;
  report: (error: unknown) => void;
}

/** How long the slot of another launch or environment rests before it is offered to another worker. */
const elsewhereSeconds = 5;

/** What recurs in one launch and environment, looked after as long as this is open; any number of workers may do so. */
export interface Recurring {
  /** Looks once, now: at the documents, and at what is due. Returns how many slots were sent. */
  look(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Begins to look after them. A slot becomes one run, whatever dies: its id is made from the slot, and no two runs bear the same. Documents that cannot be read
 * are told to `report`, and looked at again.
 */
export function openRecurring(engine: Engine, options: RecurringOptions): Recurring {
  const { everyMs = 5_000, report } = options;
  let keeper: Keeper | null = null;
  const lookOnce = async (): Promise<number> => {
    keeper ??= await openKeeper(engine, options);
    return keeper.look();
  };
  let looking: Promise<number> = Promise.resolve(0);
  const look = (): Promise<number> => (looking = looking.catch(() => 0).then(lookOnce));
  const timer = setInterval(() => void look().catch(report), everyMs);
  timer.unref();
  void look().catch(report);
  return {
    look,
    async stop() {
      clearInterval(timer);
      await looking.catch(() => undefined);
      await keeper?.schedule.stop();
    },
  };
}

interface Keeper {
  schedule: Schedule;
  look(): Promise<number>;
}

async function openKeeper(engine: Engine, options: RecurringOptions): Promise<Keeper> {
  const scene = await options.loadScene();
  const scope = recurringScope(scene.launch.id, scene.environment.id);
  let declared = await entriesOf(engine, scene);
  const schedule = await openSchedule(engine.store, engine.delivery, {
    scope,
    entries: declared,
    queue: recurringQueue.name,
    tickSeconds: 86_400,
    onAlarm: tellAlarms,
    report: options.report,
  });
  await engine.delivery.work(recurringQueue.name, (claim) => takeSlot(engine, options, { schedule, scope, claim }), {
    slots: 1,
  });
  return {
    schedule,
    async look() {
      const entries = await entriesOf(engine, await options.loadScene());
      // Only what this worker reads anew is said anew: two with different documents would undo each other's for ever.
      if (JSON.stringify(entries) !== JSON.stringify(declared)) await schedule.declare(entries);
      declared = entries;
      return schedule.tick();
    },
  };
}

async function tellAlarms(changes: readonly AlarmChange[], tx: StoreTransaction): Promise<[]> {
  for (const { subject, detail, until } of changes)
    await keepMessage(tx, {
      run: 'system',
      what: 'alarm',
      people: [],
      body: `${until ? 'over: ' : ''}${subject}: ${detail}`,
    });
  return [];
}

async function entriesOf({ store }: Engine, { launch, environment }: Scene): Promise<ScheduleEntry[]> {
  if (recurringProcedures(launch).length === 0) return [];
  const place = { launch: launch.id, environment: environment.id };
  const firstDone = await readFirstDone(store, place, awaitedNames(launch));
  return toRecurringEntries(launch, environment.id, firstDone);
}

interface Taken {
  schedule: Schedule;
  scope: string;
  claim: Claim;
}

async function takeSlot(engine: Engine, options: RecurringOptions, { schedule, scope, claim }: Taken): Promise<void> {
  const name = claim.data['schedule'];
  if (typeof name === 'string' && !name.startsWith(`${scope} `))
    return void (await engine.delivery.release(claim, { afterSeconds: elsewhereSeconds }));
  await schedule.begin(claim, async (slot) =>
    makeRun(engine, options, { slot, procedure: slot.schedule.slice(scope.length + 1) }),
  );
}

/** Makes the run of a slot, or finds the one that a try before this has made; what that try left undone is done. */
async function makeRun(
  engine: Engine,
  { loadScene, kinds }: RecurringOptions,
  { slot, procedure }: { slot: SlotKey; procedure: string },
): Promise<void> {
  const id = runOfSlot(slot);
  const scene = await loadScene();
  const recurring = recurringProcedures(scene.launch).find((one) => one.id === procedure);
  // Taken out of the documents since it came due: nothing is wanted any more, and the schedule goes with its slots.
  if (recurring === undefined) return;
  const person = requesterOf(scene.launch, recurring);
  if (person === null)
    throw new ProductError(
      'plan_refused',
      `procedure ${procedure}: expected somebody in whose name it recurs, got nobody`,
      {
        hint: 'write as= with a person beside every=, or name the owner of the launch',
      },
    );
  const reason = `it recurs: due at ${new Date(slot.dueMs).toISOString()}`;
  const made = (await loadRuns(engine.store, [id])).get(id);
  if (made) {
    await beginLiveRun(engine, scene, { run: made.run, setting: toRunSetting(made.setting), person, reason, kinds });
    return;
  }
  const plan = planRun(scene, procedure, kinds);
  await orderLiveRun(engine, scene, { id, plan, person, reason, labels: [], t0Ms: null, key: id, kinds });
}
