import type { ComponentHealth, HealthState } from './judge-health.ts';

/** How an installation is, in the words of a status page. `unknown` where nobody can tell: it is never drawn as operational. */
export type StatusLevel = 'operational' | 'degraded' | 'partial' | 'major' | 'unknown';

const levels: { readonly [state in HealthState]: StatusLevel } = {
  healthy: 'operational',
  degraded: 'degraded',
  unhealthy: 'partial',
  unknown: 'unknown',
};

/** Level of one part; without the database nothing works, so that its outage is a major one. */
export function toPartLevel({ component, state }: Pick<ComponentHealth, 'component' | 'state'>): StatusLevel {
  return component === 'database' && state === 'unhealthy' ? 'major' : levels[state];
}

/**
 * Level of the installation (T33), from its parts and nothing else: `major` without the database, or where neither runs go on nor workers are heard;
 * `partial` where one part does not work; `unknown` before `degraded`, because what nobody can tell may be worse.
 */
export function toStatusLevel(parts: readonly Pick<ComponentHealth, 'component' | 'state'>[]): StatusLevel {
  const isOut = (name: string): boolean =>
    parts.some(({ component, state }) => component === name && state === 'unhealthy');
  if (isOut('database') || (isOut('engine') && isOut('workers'))) return 'major';
  const found = parts.map(toPartLevel);
  return (
    (['partial', 'unknown', 'degraded', 'operational'] as const).find((level) => found.includes(level)) ?? 'unknown'
  );
}
