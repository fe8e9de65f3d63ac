import type { MeasureReading } from '../../core/rollout/measure-reading.ts';
import type { Look } from '../../core/rollout/rollout-input.ts';
import type { Measure } from '../../core/rollout/rollout.ts';
import type { RouterReading } from '../../core/rollout/router-kind.ts';
import type { Connections } from './open-connections.ts';

/** What connections brought at one look. */
export type Seen = Pick<Look, 'routers' | 'measures'>;

/** Asks all routers and sources at once. Never throws: who does not answer in time is in it as what could not be seen. */
export async function lookOnce(
  connections: Connections,
  measures: readonly Measure[],
  patienceMs: number,
): Promise<Seen> {
  const [routers, counted] = await Promise.all([
    lookAtRouters(connections, patienceMs),
    Promise.all(measures.map(async (measure) => [measure.id, await count(connections, measure, patienceMs)] as const)),
  ]);
  return { routers, measures: Object.fromEntries(counted) };
}

/** Asks all routers at once what they do now. */
export async function lookAtRouters(
  { routers }: Pick<Connections, 'routers'>,
  patienceMs: number,
): Promise<Seen['routers']> {
  const read = async (
    id: string,
    reading: Promise<RouterReading>,
  ): Promise<readonly [string, RouterReading | Trouble]> =>
    within(patienceMs, reading).then(
      (found) => [id, found] as const,
      (error: unknown) => [id, { trouble: toLine(error) }] as const,
    );
  return Object.fromEntries(await Promise.all([...routers].map(([id, session]) => read(id, session.read()))));
}

interface Trouble {
  trouble: string;
}

async function count({ sources }: Connections, measure: Measure, patienceMs: number): Promise<MeasureReading> {
  const session = sources.get(measure.source);
  if (session === undefined) return { state: 'error', reason: `expected a source ${measure.source}, got none` };
  return within(patienceMs, session.read(measure)).catch((error: unknown) => ({
    state: 'error' as const,
    reason: toLine(error),
  }));
}

/** Rejects where nothing came in time; what comes later is dropped. */
export function within<Value>(patienceMs: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`expected an answer within ${patienceMs} ms, got none`));
    const timer = setTimeout(late, patienceMs);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The words of an error, on one line. */
export function toLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/gu, ' ').slice(0, 500);
}
