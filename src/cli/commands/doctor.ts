import { existsSync } from 'node:fs';

import type { ComponentHealth } from '../../core/metric/judge-health.ts';
import { openProcessorMeter } from '../../engine/monitor/measure-machine.ts';
import { readHealth } from '../../engine/monitor/read-health.ts';
import { readAlarms } from '../../store/alarm.ts';
import { examineStore } from '../../store/doctor.ts';
import type { StoreFacts } from '../../store/doctor.ts';
import { countRuns } from '../../store/metric.ts';
import type { Store } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import { toDataDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';
import { openStoreOf } from '../with-session.ts';

/** One question that the doctor asks of this installation. */
interface Examined {
  state: 'ok' | 'warning' | 'bad';
  subject: string;
  got: string;
  hint: string | null;
}

const gibibyte = 1024 ** 3;

/** Says what can be relied on here and what cannot; exit 0 where nothing is bad, 1 otherwise. */
export async function doctor(shell: Shell, options: GlobalOptions): Promise<CommandResult> {
  const dataDirectory = toDataDirectory(shell, options);
  // To look must not begin anything: a folder without a launch stays as it is.
  if (!existsSync(dataDirectory)) return untouched(shell, dataDirectory);
  const store = await openStoreOf(shell, options);
  try {
    const facts = await examineStore(store);
    const examined = [...examine(shell, facts), ...(await examineRuns(store))];
    const bad = examined.some(({ state }) => state === 'bad');
    return {
      exit: bad ? 1 : 0,
      json: { version: shell.version, node: process.version, examined, facts },
      text: render(shell, examined),
    };
  } finally {
    await store.close();
  }
}

function untouched(shell: Shell, dataDirectory: string): CommandResult {
  const examined = [
    fine('tminus', `${shell.version} on Node ${process.version}`),
    fine('data directory', `${dataDirectory} is not there yet: the first "tminus check" makes it`),
  ];
  const json = { version: shell.version, node: process.version, examined, facts: null };
  return { exit: 0, json, text: render(shell, examined) };
}

function examine(shell: Shell, facts: StoreFacts): Examined[] {
  const { kind, cluster, serverVersion, dataDirectory } = facts;
  const binaries = cluster ? `, binaries from the ${cluster.origin}` : '';
  return [
    fine('tminus', `${shell.version} on Node ${process.version}`),
    fine('database', `Postgres ${serverVersion}, ${kind}${binaries}`),
    fine('data directory', cluster ? `${dataDirectory}, cluster in ${cluster.directory}` : dataDirectory),
    examineDurability(facts),
    examineChecksums(facts),
    examineDisk(facts),
    examineClock(facts),
    ...facts.logs.map(examineLog),
    ...facts.shifts.map(examineShift),
  ];
}

/** Looks at runs, queues and workers where there was a run; where there was none, nothing is there to be well or not. */
async function examineRuns(store: Store): Promise<Examined[]> {
  if ((await countRuns(store)).length === 0) return [fine('runs', 'none yet')];
  const { components } = await readHealth({ store, processors: openProcessorMeter(), withinMs: 3_600_000 });
  const alarms = await readAlarms(store);
  return [
    ...components.filter(({ component, state }) => component !== 'database' || state !== 'healthy').map(examinePart),
    ...alarms.map(({ subject, detail, since }): Examined => ({
      state: 'warning',
      subject: 'alarm',
      got: `${detail}, since ${since.toISOString()}`,
      hint: `see "tminus metrics"; it ends by itself when ${subject} is well again`,
    })),
  ];
}

function examinePart({ component, state, why }: ComponentHealth): Examined {
  if (state === 'healthy') return fine(component, why);
  const hint = {
    database: 'see that the server runs and has connections to spare',
    engine: 'start a worker with "tminus worker": it keeps the time, too',
    queue: 'see "tminus queue" and "tminus dead list"; more workers take more at once',
    workers: 'start one with "tminus worker"',
    metrics: 'see "tminus metrics" for the reasons',
  }[component];
  return { state: state === 'unhealthy' ? 'bad' : 'warning', subject: component, got: `${state}: ${why}`, hint };
}

function fine(subject: string, got: string): Examined {
  return { state: 'ok', subject, got, hint: null };
}

function examineDurability({ settings }: StoreFacts): Examined {
  const { fsync, synchronousCommit, fullPageWrites } = settings;
  if (fsync === 'on' && synchronousCommit !== 'off' && fullPageWrites === 'on') {
    return fine('durability', 'fsync, synchronous commit and full page writes are on');
  }
  const got = `fsync ${fsync}, synchronous commit ${synchronousCommit}, full page writes ${fullPageWrites}`;
  return {
    state: 'bad',
    subject: 'durability',
    got,
    hint: 'switch them on: what a power cut can take back is no evidence',
  };
}

function examineChecksums({ settings }: StoreFacts): Examined {
  if (settings.dataChecksums === 'on') return fine('page checksums', 'on');
  return {
    state: 'warning',
    subject: 'page checksums',
    got: 'off',
    hint: 'run pg_checksums --enable on the stopped server',
  };
}

function examineDisk({ freeBytes }: StoreFacts): Examined {
  const free = Math.min(freeBytes.dataDirectory, freeBytes.cluster ?? Number.POSITIVE_INFINITY) / gibibyte;
  if (free > 1) return fine('free disk', `${free.toFixed(1)} GiB`);
  return {
    state: 'warning',
    subject: 'free disk',
    got: `${free.toFixed(2)} GiB`,
    hint: 'free some space before the launch',
  };
}

/** Reported only beyond what the measurement itself may be wrong by (R10). */
function examineClock({ clock }: StoreFacts): Examined {
  const got = `${Math.round(clock.offsetMs)} ms from the database, give or take ${Math.ceil(clock.uncertaintyMs)} ms`;
  if (Math.abs(clock.offsetMs) - clock.uncertaintyMs < 5000) return fine('clock', got);
  return {
    state: 'warning',
    subject: 'clock',
    got,
    hint: 'set the clock of this machine; decisions use the database clock',
  };
}

function examineLog({ launch, verification, checkpoint }: StoreFacts['logs'][number]): Examined {
  if (verification.state === 'whole') {
    return {
      state: 'ok',
      subject: `log of ${launch}`,
      got: `${verification.size} entries, root ${verification.root.slice(0, 16)}, signed at ${checkpoint?.size ?? 0}`,
      hint: null,
    };
  }
  const place = verification.index === null ? '' : `entry ${verification.index}: `;
  return {
    state: 'bad',
    subject: `log of ${launch}`,
    got: `${place}${verification.reason}`,
    hint: 'trust no decision from it; restore the data directory from a backup',
  };
}

function examineShift({ id, launch, rollout, entries, broken }: StoreFacts['shifts'][number]): Examined {
  const subject = `shift ${id}`;
  const what = `${rollout} of ${launch}`;
  if (broken === null) return fine(subject, `${what}: ${entries} entries of its journal, each follows from the last`);
  return {
    state: 'bad',
    subject,
    got: `${what}: entry ${broken} of its journal does not follow from the one before it, or is missing`,
    hint: 'trust no verdict of it; restore the data directory from a backup',
  };
}

function render(shell: Shell, examined: readonly Examined[]): string {
  const { green, yellow, red, dim } = shell.terminal.palette;
  const paint = { ok: green, warning: yellow, bad: red };
  const lines = examined.flatMap(({ state, subject, got, hint }) => [
    `${paint[state](state.padEnd(8))}  ${subject.padEnd(16)}  ${got}`,
    ...(hint ? [`          ${''.padEnd(16)}  ${dim(hint)}`] : []),
  ]);
  return `${lines.join('\n')}\n`;
}
