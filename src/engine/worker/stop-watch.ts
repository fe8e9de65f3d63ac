import { sql } from 'kysely';

import type { Store } from '../../store/open-store.ts';

/** Tells handlers that their attempt has to end. */
export interface StopWatch {
  /** Returns a signal that is aborted once somebody asked this attempt to stop, or it is over without us. */
  watch(attempt: { run: string; step: string; attempt: number }): { signal: AbortSignal; leave(): void };
  close(): void;
}

interface Watched {
  run: string;
  step: string;
  attempt: number;
  controller: AbortController;
}

/** Looks at the rows of the steps that this process carries out, all in one question; asks nothing while it carries out none. */
export function openStopWatch(store: Store, everyMs: number): StopWatch {
  const watched = new Set<Watched>();
  let isAsking = false;
  const look = async (): Promise<void> => {
    if (watched.size === 0 || isAsking) return;
    isAsking = true;
    try {
      const asked = [...watched];
      const causes = await readStops(store, asked);
      asked.forEach((one, place) => {
        const cause = causes.get(place);
        if (cause !== undefined) one.controller.abort(new Error(cause));
      });
    } finally {
      isAsking = false;
    }
  };
  // A database that does not answer says nothing about the step; the next look tells.
  const timer = setInterval(() => void look().catch(() => undefined), everyMs);
  timer.unref();
  return {
    watch(attempt) {
      const one = { ...attempt, controller: new AbortController() };
      watched.add(one);
      return { signal: one.controller.signal, leave: () => void watched.delete(one) };
    },
    close: () => clearInterval(timer),
  };
}

/** Returns the place and the cause of each attempt that has to end. */
async function readStops(store: Store, asked: readonly Watched[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ place: string; state: string; attempt: number; cause: string | null }>`
    select t.place, s.state, (s.body->>'attempt')::int as attempt, s.stop_cause as cause
      from unnest(${asked.map(({ run }) => run)}::text[], ${asked.map(({ step }) => step)}::text[],
        ${asked.map(({ attempt }) => attempt)}::int[]) with ordinality as t (run, step, attempt, place)
      join tminus.step_run s on s.run = t.run and s.id = t.step
      where s.stop_cause is not null or s.state <> 'running' or (s.body->>'attempt')::int <> t.attempt`.execute(
    store.tables,
  );
  return new Map(rows.map(({ place, cause, state }) => [Number(place) - 1, cause ?? `the step is ${state}`]));
}
