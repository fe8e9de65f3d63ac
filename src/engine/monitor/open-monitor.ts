import { hostname } from 'node:os';

import { readAlarms, syncAlarms } from '../../store/alarm.ts';
import type { AlarmChange } from '../../store/alarm.ts';
import { appendEvents } from '../../store/event.ts';
import { keepMessage } from '../../store/message.ts';
import { readHosts } from '../../store/metric.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { openProcessorMeter } from './measure-machine.ts';
import { readHealth } from './read-health.ts';
import type { Health } from './read-health.ts';
import { monitorAlarmKinds, toAlarms } from './to-alarms.ts';

export interface MonitorOptions {
  /** How often it looks; 60 s where nothing is said (O17). */
  everyMs?: number;
  /** How far back metrics look; an hour where nothing is said. */
  withinMs?: number;
  /** Told of trouble that the next look makes good. */
  report: (error: unknown) => void;
}

/** Watches an installation as long as it is open; any number of processes may do so, and each alarm is still raised once. */
export interface Monitor {
  /** The newest look of this process; null before the first. */
  readonly newest: Health | null;
  /** Looks once, now, and brings the alarms up to date; returns what was raised or is over. */
  look(): Promise<AlarmChange[]>;
  close(): Promise<void>;
}

/** Where messages that belong to no run are kept. */
export const systemRun = 'system';

const hourMs = 3_600_000;

/**
 * Begins to watch. An alarm is raised once and ended once, each told by a message and an event of the system. What cannot be read neither raises nor ends an
 * alarm; a database that is away is told to `report`, because nowhere else can it be written.
 */
export function openMonitor(store: Store, { everyMs = 60_000, withinMs = hourMs, report }: MonitorOptions): Monitor {
  const processors = openProcessorMeter();
  let newest: Health | null = null;
  const lookOnce = async (): Promise<AlarmChange[]> => {
    newest = await readHealth({ store, processors, withinMs });
    return keepAlarms(store, newest);
  };
  let looking: Promise<AlarmChange[]> = Promise.resolve([]);
  // One look at a time: behind the one that is under way, so that its alarms are the newest.
  const look = (): Promise<AlarmChange[]> => (looking = looking.catch(() => []).then(lookOnce));
  const timer = setInterval(() => void look().catch(report), everyMs);
  timer.unref();
  return {
    get newest() {
      return newest;
    },
    look,
    async close() {
      clearInterval(timer);
      await looking.catch(() => undefined);
    },
  };
}

async function keepAlarms(store: Store, health: Health): Promise<AlarmChange[]> {
  const nowMs = Date.parse(await readNow(store));
  const host = hostname();
  const others = (await readHosts(store, hourMs)).filter((one) => one !== host);
  const { wrong, untold } = toAlarms(health, { since: new Date(nowMs), host, others });
  const open = await readAlarms(store);
  const kept = open.filter(({ subject, kind }) => isOurs(kind) && untold.has(subject));
  return store.tables.transaction().execute(async (tx) => {
    const changes = await syncAlarms(tx, { kinds: monitorAlarmKinds, wrong: [...wrong, ...kept] });
    await tell(tx, changes, nowMs);
    return changes;
  });
}

function isOurs(kind: string): boolean {
  return (monitorAlarmKinds as readonly string[]).includes(kind);
}

/** Events last: they hold the cursor until the transaction ends. */
async function tell(tx: StoreTransaction, changes: readonly AlarmChange[], nowMs: number): Promise<void> {
  if (changes.length === 0) return;
  const told = changes.map((change) => ({
    ...change,
    text: `${change.until === null ? 'alarm' : 'over'}: ${change.detail}`,
  }));
  for (const { text } of told) await keepMessage(tx, { run: systemRun, what: 'alarm', people: [], body: text });
  const events = told.map(({ subject, kind, since, until, text }) => ({
    run: null,
    number: null,
    type: 'system.notice',
    atMs: nowMs,
    body: { what: 'alarm', subject, kind, since: since.toISOString(), until: until?.toISOString() ?? null, text },
  }));
  await appendEvents(tx, events);
}
