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
  lockSchedules,
  readSchedules,
  writeSlots,
} from '../../store/schedule.ts';
import type { SlotKey } from '../../store/schedule.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Claim, Delivery, NewJob, Settlement } from '../delivery.ts';

/** What recurs in a process, and who is told when it does not. */
export interface ScheduleOptions {
  entries: readonly ScheduleEntry[];
  /** Queue in which the slots arrive, one job per slot, with the name of the schedule as key. */
  queue: string;
  /** How often slots are looked for. */
  tickSeconds?: number;
  /** Called with alarms that were raised or are over; what it returns is sent in the transaction that notes them. */
  onAlarm?: (alarms: readonly AlarmChange[], tx: StoreTransaction) => Promise<readonly NewJob[]>;
  report?: (error: unknown) => void;
}

/** Schedules of a store, looked after by this process as long as it is open; any number of processes may do so. */
export interface Schedule {
  /** Looks once, now; returns how many slots were sent. */
  tick(): Promise<number>;
  /** Carries out the slot of a claim: notes its begin, and its end with what `work` leaves to do, in one transaction. */
  run(claim: Claim, work: (slot: SlotKey) => Promise<readonly NewJob[]>): Promise<Settlement>;
  stop(): Promise<void>;
}

const alarmKinds: readonly OverdueSlot['kind'][] = ['slot_not_begun', 'slot_not_ended'];

/** Declares the schedules and begins to look after them. Throws for a pattern or a time zone that cannot be read. */
export async function openSchedule(store: Store, delivery: Delivery, options: ScheduleOptions): Promise<Schedule> {
  for (const entry of options.entries) listSlots(entry, { afterMs: 0, untilMs: 1 });
  await declareSchedules(store, options.entries);
  const { tickSeconds = 5, report = () => undefined } = options;
  let looking: Promise<number> = Promise.resolve(0);
  const tick = (): Promise<number> => (looking = lookOnce(store, delivery, options));
  const timer = setInterval(() => void tick().catch(report), tickSeconds * 1000);
  timer.unref();
  return {
    tick,
    run: (claim, work) => runSlot(store, delivery, { claim, work }),
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
  { queue, onAlarm = () => Promise.resolve([]) }: ScheduleOptions,
): Promise<number> {
  return store.tables.transaction().execute(async (tx) => {
    if (!(await lockSchedules(tx))) return 0;
    const { states, nowMs } = await readSchedules(tx);
    const jobs: NewJob[] = [];
    for (const state of states) {
      const plan = planSlots(state, nowMs);
      if (plan.send.length + plan.skip.length === 0) continue;
      const { name } = state.entry;
      const fresh = await writeSlots(tx, { schedule: name, untilMs: nowMs }, plan);
      const send = plan.send.filter((dueMs) => fresh.has(dueMs));
      jobs.push(...send.map((dueMs) => ({ queue, key: name, data: { schedule: name, dueMs } })));
    }
    // Before what is sent now: a slot that was missed is told of, even if it is made up for at once.
    const changes = await syncAlarms(tx, { kinds: alarmKinds, wrong: toAlarms(overdueSlots(states, nowMs)) });
    const told = changes.length === 0 ? [] : await onAlarm(changes, tx);
    if (jobs.length + told.length > 0) await delivery.send([...jobs, ...told], { tx });
    return jobs.length;
  });
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
  const { schedule, dueMs } = claim.data;
  if (typeof schedule !== 'string' || typeof dueMs !== 'number')
    throw new TypeError(`job ${claim.job}: expected the slot of a schedule, got ${JSON.stringify(claim.data)}`);
  const slot = { schedule, dueMs };
  await beginSlot(store, slot);
  const next = await work(slot);
  return delivery.settleAndSend(claim, async (tx) => {
    await endSlot(tx, slot);
    return next;
  });
}
