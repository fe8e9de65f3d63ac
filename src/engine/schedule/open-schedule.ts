import { overdueSlots } from '../../core/schedule/overdue-slots.ts';
import { planSlots } from '../../core/schedule/plan-slots.ts';
import { listSlots } from '../../core/schedule/list-slots.ts';
import type { OverdueSlot, ScheduleEntry } from '../../core/schedule/schedule.ts';
import { syncAlarms } from '../../store/alarm.ts';
import type { Alarm, AlarmChange } from '../../store/alarm.ts';
import type { Store } from '../../store/open-store.ts';
import {
  beginSlot,
  declareSchedules,
  endSlot,
  endSlotsByRuns,
  lockSchedules,
  readSchedules,
  writeSlots,
} from '../../store/schedule.ts';
import type { SlotKey } from '../../store/schedule.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Claim, Delivery, NewJob, Settlement } from '../delivery.ts';

/** What recurs in a process, and who is told when it does not. */
export interface ScheduleOptions {
  /** Whose entries they are: each bears this name, or one that begins with it and a space. Other scopes are left alone. */
  scope: string;
  entries: readonly ScheduleEntry[];
  /** Queue in which the slots arrive, one job per slot, with the name of the schedule as key; of slots that are runs each has a key of its own. */
  queue: string;
  /** How often slots are looked for. */
  tickSeconds?: number;
  /** Called with alarms that were raised or are over; what it returns is sent in the transaction that notes them. */
  onAlarm?: (alarms: readonly AlarmChange[], tx: StoreTransaction) => Promise<readonly NewJob[]>;
  report?: (error: unknown) => void;
}

/** Schedules of a store, looked after by this process as long as it is open; any number of processes may do so. */
export interface Schedule {
  /** Takes other entries in the place of those before. */
  declare(entries: readonly ScheduleEntry[]): Promise<void>;
  /** Looks once, now; returns how many slots were sent. */
  tick(): Promise<number>;
  /** Carries out the slot of a claim: notes its begin, and its end with what `work` leaves to do, in one transaction. */
  run(claim: Claim, work: (slot: SlotKey) => Promise<readonly NewJob[]>): Promise<Settlement>;
  /** Begins the slot of a claim: notes its begin once `work` is done. Its end is that of the run that `work` made. */
  begin(claim: Claim, work: (slot: SlotKey) => Promise<void>): Promise<Settlement>;
  stop(): Promise<void>;
}

const alarmKinds: readonly OverdueSlot['kind'][] = ['slot_not_begun', 'slot_not_ended'];

/** Declares the schedules and begins to look after them. Throws for a pattern or a time zone that cannot be read. */
export async function openSchedule(store: Store, delivery: Delivery, options: ScheduleOptions): Promise<Schedule> {
  const declare = async (entries: readonly ScheduleEntry[]): Promise<void> => {
    for (const entry of entries) listSlots(entry, { afterMs: 0, untilMs: 1 });
    await declareSchedules(store, options.scope, entries);
  };
  await declare(options.entries);
  const { tickSeconds = 5, report = () => undefined } = options;
  let looking: Promise<number> = Promise.resolve(0);
  const tick = (): Promise<number> => (looking = lookOnce(store, delivery, options));
  const timer = setInterval(() => void tick().catch(report), tickSeconds * 1000);
  timer.unref();
  return {
    declare,
    tick,
    run: (claim, work) => runSlot(store, delivery, { claim, work }),
    begin: (claim, work) => beginRun(delivery, claim, work),
    async stop() {
      clearInterval(timer);
      await looking.catch(() => undefined);
    },
  };
}

/** Sends what is due and brings the alarms up to date. Another process that looks at the same moment does it instead. */
async function lookOnce(
  store: Store,
  delivery: Delivery,
  { scope, queue, onAlarm = () => Promise.resolve([]) }: ScheduleOptions,
): Promise<number> {
  return store.tables.transaction().execute(async (tx) => {
    if (!(await lockSchedules(tx))) return 0;
    await endSlotsByRuns(tx);
    const { states, nowMs } = await readSchedules(tx);
    const jobs: NewJob[] = [];
    for (const state of states.filter(({ entry }) => isOf(scope, entry))) {
      const plan = planSlots(state, nowMs);
      if (plan.send.length + plan.skip.length === 0) continue;
      const { name } = state.entry;
      const fresh = await writeSlots(tx, { schedule: name, untilMs: nowMs }, plan);
      const send = plan.send.filter((dueMs) => fresh.has(dueMs));
      // What is a run has its own order; one that nobody could begin must not keep those after it waiting.
      const keyOf = (dueMs: number): string => (state.entry.endedBy ? `${name} ${dueMs}` : name);
      jobs.push(...send.map((dueMs) => ({ queue, key: keyOf(dueMs), data: { schedule: name, dueMs } })));
    }
    // Before what is sent now: a slot that was missed is told of, even if it is made up for at once.
    const changes = await syncAlarms(tx, { kinds: alarmKinds, wrong: toAlarms(overdueSlots(states, nowMs)) });
    const told = changes.length === 0 ? [] : await onAlarm(changes, tx);
    if (jobs.length + told.length > 0) await delivery.send([...jobs, ...told], { tx });
    return jobs.length;
  });
}

function isOf(scope: string, { name }: ScheduleEntry): boolean {
  return name === scope || name.startsWith(`${scope} `);
}

/** One alarm for a schedule and kind, however many slots it is about: a pause of a day is one piece of news. */
function toAlarms(overdue: readonly OverdueSlot[]): Alarm[] {
  return [...Map.groupBy(overdue, ({ schedule, kind }) => `${kind} ${schedule}`).values()].map((group) => {
    const [{ schedule, dueMs, kind, sinceMs }] = group as [OverdueSlot];
    const verb = kind === 'slot_not_begun' ? 'begin' : 'end';
    const more = group.length === 1 ? '' : `, and of ${group.length - 1} more after it`;
    const [due, by] = [new Date(dueMs).toISOString(), new Date(sinceMs).toISOString()];
    return {
      subject: `schedule ${schedule}`,
      kind,
      since: new Date(sinceMs),
      detail: `schedule ${schedule}: expected the slot of ${due} to ${verb} by ${by}, got none${more}`,
    };
  });
}

async function runSlot(
  store: Store,
  delivery: Delivery,
  { claim, work }: { claim: Claim; work: (slot: SlotKey) => Promise<readonly NewJob[]> },
): Promise<Settlement> {
  const slot = slotOf(claim);
  await beginSlot(store.tables, slot);
  const next = await work(slot);
  return delivery.settleAndSend(claim, async (tx) => {
    await endSlot(tx, slot);
    return next;
  });
}

async function beginRun(delivery: Delivery, claim: Claim, work: (slot: SlotKey) => Promise<void>): Promise<Settlement> {
  const slot = slotOf(claim);
  await work(slot);
  return delivery.settleAndSend(claim, async (tx) => {
    await beginSlot(tx, slot);
    return [];
  });
}

function slotOf({ job, data }: Claim): SlotKey {
  const { schedule, dueMs } = data;
  if (typeof schedule !== 'string' || typeof dueMs !== 'number')
    throw new TypeError(`job ${job}: expected the slot of a schedule, got ${JSON.stringify(data)}`);
  return { schedule, dueMs };
}
