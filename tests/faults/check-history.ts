import { replay } from '../../src/core/procedure/apply-changes.ts';
import type { Change } from '../../src/core/procedure/change.ts';
import { holdsStep } from '../../src/core/procedure/holds.ts';
import { plannedSteps } from '../../src/core/procedure/draft.ts';
import type { PlannedStep } from '../../src/core/procedure/plan.ts';
import { isFinal } from '../../src/core/procedure/run.ts';
import type { Hold, Run } from '../../src/core/procedure/run.ts';
import type { StoredEvent } from '../../src/store/event.ts';
import type { Call, History } from './history.ts';

/** How long after a cancel was acknowledged an effect may still come: the stop has to be seen, and acted on. */
const stopGraceMs = 2_500;

/** Returns everything in a history that an engine must not do; empty where it kept all its promises. Pure. */
export function checkHistory(history: History): string[] {
  const found = Object.entries(rules).flatMap(([rule, look]) => look(history).map((text) => `${rule}: ${text}`));
  return [...new Set(found)];
}

/** Rules that only say that time was up: a run that is still under way cannot keep them yet. */
export function isOfTime(text: string): boolean {
  return text.startsWith('I5 every run ends') || text.startsWith('I5 no work is left over');
}

const rules: { [rule: string]: (history: History) => string[] } = {
  'I8 cursors rise by one': ({ events }) =>
    events
      .flatMap(({ cursor }, place) => (cursor === place + 1 ? [] : [`expected ${place + 1}, got ${cursor}`]))
      .slice(0, 1),
  'I8 who follows is told every event once, in order': ({ events, followed }) =>
    JSON.stringify(followed) === JSON.stringify(events.map(({ cursor }) => cursor))
      ? []
      : [`told ${followed.length} of ${events.length}`],
  'I4 the events of a run are numbered without a gap': ({ events }) =>
    perRun(events, (own, run) => (own.every(({ number }, place) => number === place + 1) ? [] : [run])),
  'I1 the events amount to the stored run': ({ events, runs }) =>
    runs.flatMap((run) =>
      replayFault(
        run,
        events.filter((event) => event.run === run.id),
      ),
    ),
  'I1 what was acknowledged is in the events': ({ acknowledged, events, runs }) =>
    acknowledged.flatMap(({ run, kind, mark }) =>
      runs.some(({ id }) => id === run) &&
      events.some((event) => event.run === run && JSON.stringify(event.body).includes(mark))
        ? []
        : [`${kind} of ${run}`],
    ),
  'I2 one order is one run': ({ orders, made }) =>
    [...Map.groupBy(orders, ({ key }) => key)].flatMap(([key, same]) =>
      new Set([...same.map(({ run }) => run), ...made.filter((id) => id.startsWith(`${key}.`))]).size === 1
        ? []
        : [key],
    ),
  'I2 no effect twice': ({ calls }) =>
    [
      ...Map.groupBy(
        calls.filter(({ appliedAtMs }) => appliedAtMs !== null),
        // By the step and not by its key: whoever makes a new key for each attempt hides the repeat from the target.
        ({ run, step }) => `${run}/${step}`,
      ),
    ].flatMap(([of, applied]) => (applied.length > 1 ? [`${of} ${applied.length} times`] : [])),
  'I2 what is done had its effect': ({ calls, runs, acknowledged }) =>
    runs.flatMap((run) =>
      ledgerSteps(run)
        .filter(({ id }) => run.steps[id]?.state === 'done')
        .filter(({ id }) => !calls.some((call) => call.run === run.id && call.step === id && call.appliedAtMs !== null))
        .filter(({ id }) => !acknowledged.some(({ kind, mark }) => kind === 'settle' && mark.includes(`/${id}/`)))
        .map(({ id }) => `${run.id}/${id}`),
    ),
  'I2 only what is declared as safe is repeated without a person': ({ calls, runs, acknowledged }) =>
    runs.flatMap((run) =>
      ledgerSteps(run)
        .filter(({ interrupted }) => interrupted === 'ask')
        .flatMap(({ id }) => {
          const made = calls.filter((call) => call.run === run.id && call.step === id);
          const asked = acknowledged.filter(
            ({ run: of, kind, mark }) => of === run.id && kind === 'retry' && mark.includes(`/${id}/`),
          );
          return made.length > 1 + asked.length ? [`${run.id}/${id}: ${made.length} calls`] : [];
        }),
    ),
  'I3 one holder of a step at a time': (history) =>
    [...Map.groupBy(history.calls, ({ key }) => key)].flatMap(([key, calls]) => overlapsOf(history, key, calls)),
  'I3 one holder of an asset at a time': (history) =>
    [...new Set(history.calls.flatMap(({ assets }) => Object.keys(assets)))].flatMap((asset) =>
      overlapsOf(
        history,
        asset,
        history.calls.filter(({ assets }) => asset in assets),
      ),
    ),
  'I3 the tokens of a step rise': ({ calls }) =>
    [...Map.groupBy(calls, ({ key }) => key)].flatMap(([key, made]) =>
      rises(made.map(({ fence }) => fence)) ? [] : [key],
    ),
  'I3 the fences of an asset rise': ({ calls }) =>
    [...new Set(calls.flatMap(({ assets }) => Object.keys(assets)))].flatMap((asset) =>
      rises(calls.flatMap(({ assets }) => (asset in assets ? [assets[asset]!] : []))) ? [] : [asset],
    ),
  'I3 what needs an asset holds it': ({ calls, runs }) =>
    calls.flatMap(({ run: id, step, assets }) => {
      const run = runs.find((one) => one.id === id);
      const wanted = (run && plannedSteps(run.plan).get(step)?.assets) ?? [];
      return wanted.length === Object.keys(assets).length ? [] : [`${id}/${step}`];
    }),
  'I1 no effect before its start is recorded': ({ calls, events }) =>
    calls.flatMap((call) =>
      events.some(({ run, body }) => {
        const change = body as unknown as Change;
        return (
          run === call.run &&
          change.kind === 'step_moved' &&
          change.step === call.step &&
          change.set.attempt === call.attempt &&
          change.move === 'begin'
        );
      })
        ? []
        : [`${call.run}/${call.step}, attempt ${call.attempt}`],
    ),
  'I1 the attempts of a step rise by one': ({ events }) =>
    perRun(events, (own, run) =>
      [...Map.groupBy(beginsOf(own), ({ step }) => step)].flatMap(([step, begins]) =>
        begins.every(({ attempt }, place) => attempt === place + 1)
          ? []
          : [`${run}/${step}: ${begins.map(({ attempt }) => attempt).join(' ')}`],
      ),
    ),
  'I1 what its worker saw done has its log': ({ runs, calls, logs, events }) =>
    calls
      .filter(({ run: id, step, attempt }) => {
        const state = runs.find((one) => one.id === id)?.steps[step];
        return state?.state === 'done' && state.attempt === attempt && !isDoubtful(events, id, step);
      })
      .filter(({ run, step, attempt, key }) => !(logs[`${run}/${step}/${attempt}`] ?? '').includes(key))
      .map(({ run, step, attempt }) => `${run}/${step}/${attempt}`),
  'I6 a step begins after what it needs': ({ events, runs }) => runs.flatMap((run) => orderFaults(run, events)),
  'I6 nothing begins under a hold': ({ events, runs }) => runs.flatMap((run) => holdFaults(run, events)),
  'I6 what was done last is taken back first': ({ events, runs }) => runs.flatMap((run) => undoFaults(run, events)),
  'I5 a cancelled run stops': ({ acknowledged, calls, runs }) =>
    acknowledged
      .filter(({ kind }) => kind === 'cancel')
      .flatMap(({ run, atMs }) =>
        calls
          .filter((call) => call.run === run && runs.find(({ id }) => id === run)?.steps[call.step]?.part === 'forward')
          .filter(({ appliedAtMs }) => appliedAtMs !== null && appliedAtMs > atMs + stopGraceMs)
          .map(({ step }) => `${run}/${step}`),
      ),
  'I5 what is to be done has its job': ({ runs, work }) =>
    runs.flatMap(({ id, steps }) =>
      Object.values(steps)
        .filter(({ state }) => ['ready', 'running', 'verifying'].includes(state))
        .filter((step) => !work.includes(`${id}/${step.id}`))
        .map((step) => `${id}/${step.id} is ${step.state}`),
    ),
  'I5 every run ends': ({ runs }) =>
    runs
      .filter((run) => !isFinal(run))
      .map(
        ({ id, state, steps }) =>
          `${id} is ${state}: ${Object.values(steps)
            .map((step) => `${step.id} ${step.state}`)
            .join(', ')}`,
      ),
  'I5 no work is left over': ({ leftJobs, deadLetters }) => [
    ...(leftJobs > 0 ? [`${leftJobs} jobs`] : []),
    ...(deadLetters > 0 ? [`${deadLetters} dead letters`] : []),
  ],
  'I8 people are told everything once': ({ events, messages, runs, leftJobs }) =>
    runs.flatMap(({ id }) => {
      const told = events.filter(
        ({ run, body }) => run === id && ['announce', 'call'].includes(body['kind'] as string),
      ).length;
      const kept = messages[id] ?? 0;
      // What is on its way yet is work left over, which another rule names.
      return told === kept || (kept < told && leftJobs > 0) ? [] : [`${id}: ${kept} of ${told}`];
    }),
};

/** Whether the worker of a step was lost, so that somebody else saw that it was done. */
function isDoubtful(events: readonly StoredEvent[], run: string, step: string): boolean {
  return events.some(({ run: of, body }) => {
    const change = body as unknown as Change;
    return (
      of === run && change.kind === 'step_moved' && change.step === step && ['lose', 'probe'].includes(change.move)
    );
  });
}

function perRun(events: readonly StoredEvent[], look: (own: StoredEvent[], run: string) => string[]): string[] {
  return [
    ...Map.groupBy(
      events.filter(({ run }) => run !== null),
      ({ run }) => run!,
    ),
  ].flatMap(([run, own]) => look(own, run));
}

function replayFault(run: Run, events: readonly StoredEvent[]): string[] {
  try {
    const replayed = replay(events.map(({ body }) => body as unknown as Change));
    return canonical(replayed) === canonical(run) ? [] : [`${run.id}: another state`];
  } catch (error) {
    return [`${run.id}: ${String(error)}`];
  }
}

/** JSON with sorted keys: the database does not keep the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function ledgerSteps(run: Run): PlannedStep[] {
  return [...run.plan.steps, ...run.plan.undoSteps].filter(({ action }) => action?.kind === 'ledger');
}

function rises(numbers: readonly number[]): boolean {
  return numbers.every((number, place) => place === 0 || number > numbers[place - 1]!);
}

/** Calls that were under way at once, unless the earlier one had been killed, or was frozen and came to nothing afterwards. */
function overlapsOf({ deaths, frozen }: History, what: string, calls: readonly Call[]): string[] {
  const sorted = calls.toSorted((a, b) => a.beganAtMs - b.beganAtMs);
  return sorted.flatMap((later, place) =>
    sorted.slice(0, place).flatMap((earlier) => {
      const death = deaths.find(({ pid, atMs }) => pid === earlier.pid && atMs >= earlier.beganAtMs)?.atMs ?? Infinity;
      const until = Math.min(earlier.endedAtMs ?? Infinity, death);
      if (until <= later.beganAtMs) return [];
      const isHarmless = frozen.includes(earlier.pid) && (earlier.appliedAtMs ?? 0) < later.beganAtMs;
      return isHarmless
        ? []
        : [`${what}: attempt ${earlier.attempt} of ${earlier.step} and ${later.attempt} of ${later.step}`];
    }),
  );
}

function beginsOf(events: readonly StoredEvent[]): { step: string; attempt: number }[] {
  return events.flatMap(({ body }) => {
    const change = body as unknown as Change;
    return change.kind === 'step_moved' && change.move === 'begin'
      ? [{ step: change.step, attempt: change.set.attempt ?? 0 }]
      : [];
  });
}

/** The changes of a run, each with the states that the steps had just before it. */
function walk(run: Run, events: readonly StoredEvent[]): { change: Change; ended: Set<string>; holds: Hold[] }[] {
  const ended = new Set<string>();
  let holds: Hold[] = [];
  return events
    .filter((event) => event.run === run.id)
    .map(({ body }) => {
      const change = body as unknown as Change;
      const before = { change, ended: new Set(ended), holds };
      if (change.kind === 'hold_put') holds = [...holds, change.hold];
      if (change.kind === 'hold_lifted') holds = holds.filter(({ id }) => id !== change.hold);
      if (change.kind === 'step_moved') {
        if (['finish', 'confirm', 'skip', 'settle_done', 'elapse'].includes(change.move)) ended.add(change.step);
        else if (['again', 'recycle'].includes(change.move)) ended.delete(change.step);
      }
      return before;
    });
}

function orderFaults(run: Run, events: readonly StoredEvent[]): string[] {
  const planned = plannedSteps(run.plan);
  return walk(run, events).flatMap(({ change, ended }) => {
    if (change.kind !== 'step_moved' || !['begin', 'dispatch', 'await'].includes(change.move)) return [];
    if (run.steps[change.step]?.part !== 'forward') return [];
    const missing = (planned.get(change.step)?.needs ?? []).filter((need) => !ended.has(need));
    return missing.length === 0 ? [] : [`${run.id}/${change.step} before ${missing.join(', ')}`];
  });
}

function holdFaults(run: Run, events: readonly StoredEvent[]): string[] {
  const planned = plannedSteps(run.plan);
  return walk(run, events).flatMap(({ change, holds }) => {
    if (change.kind !== 'step_moved' || change.move !== 'begin') return [];
    const step = planned.get(change.step);
    const hold = step && holds.find((one) => holdsStep(one, step));
    return hold ? [`${run.id}/${change.step} under ${hold.id}`] : [];
  });
}

function undoFaults(run: Run, events: readonly StoredEvent[]): string[] {
  const done = walk(run, events).flatMap(({ change }) =>
    change.kind === 'step_moved' && change.move === 'begin' ? [change.step] : [],
  );
  const undone = done.filter((id) => run.steps[id]?.part === 'undo');
  const ends = (id: string): number => {
    const of = run.plan.steps.find(({ undo }) => undo === id);
    return (of && run.steps[of.id]?.endedAtMs) ?? 0;
  };
  const order = [...new Set(undone)].map(ends);
  return order.every((at, place) => place === 0 || at <= order[place - 1]!) ? [] : [`${run.id}: ${undone.join(', ')}`];
}
