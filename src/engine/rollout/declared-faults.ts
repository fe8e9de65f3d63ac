import { RouterTrouble } from '../../core/rollout/router-kind.ts';
import type { Measure, MetricSource } from '../../core/rollout/rollout.ts';
import type { DeclaredShift } from '../../store/rollout.ts';
import { toOptions } from './open-connections.ts';
import type { ConnectionSetting, TrafficKinds } from './open-connections.ts';

/** A fault as a kind tells it. */
interface Fault {
  path: string;
  expected: string;
  got: string;
  hint: string;
}

/**
 * Returns what no router, metric source or measure of a rollout can be opened or read with, as it is declared for an environment: all of it at once, before anything is
 * connected to.
 */
export function findDeclaredFaults(
  { rollout, routers, sources }: Pick<DeclaredShift, 'routers' | 'sources' | 'rollout'>,
  { scene, kinds }: Pick<ConnectionSetting, 'scene'> & { kinds: TrafficKinds },
): string[] {
  return [
    ...routers.flatMap((one) => {
      const kind = kinds.routers.find(({ kind: name }) => name === one.kind);
      return kind === undefined ? [] : tell(`router ${one.id}`, () => kind.faults(toOptions(one, scene)));
    }),
    ...sources.flatMap((one) => {
      const kind = kinds.sources.find(({ kind: name }) => name === one.kind);
      return kind === undefined ? [] : tell(`metric source ${one.id}`, () => kind.faults(toOptions(one, scene)));
    }),
    ...rollout.measures.flatMap((measure) => measureFaults(measure, sources, kinds)),
  ];
}

function measureFaults(measure: Measure, sources: readonly MetricSource[], kinds: TrafficKinds): string[] {
  const source = sources.find(({ id }) => id === measure.source);
  const kind = kinds.sources.find(({ kind: name }) => name === source?.kind);
  return kind === undefined ? [] : tell(`measure ${measure.id}`, () => kind.measureFaults(measure));
}

/** A template that nobody knows is a fault like any other. */
function tell(what: string, list: () => Fault[]): string[] {
  try {
    return list().map(({ path, expected, got, hint }) => {
      const where = path === '' ? what : `${path} of ${what}`;
      return `${where}: expected ${expected}, got ${got}; ${hint}`;
    });
  } catch (error) {
    if (error instanceof RouterTrouble) return [`${what}: ${error.message}`];
    throw error;
  }
}
