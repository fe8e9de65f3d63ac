import type { ShadowRoute } from '../core/rollout/shadow/shadow-tally.ts';
import { toInertValue } from './inert.ts';
import type { Palette } from './terminal.ts';

/** Returns what a shadow has found, route by route, those that differ first: names of what differs and how often, and no value of any answer. */
export function renderDifferences(given: readonly ShadowRoute[], { red, dim, green }: Palette): string[] {
  const routes = toInertValue(given);
  if (routes.length === 0) return ['no request was copied yet'];
  return [
    summarizeDifferences(routes),
    ...routes.flatMap((one) => [
      `  ${one.differed + one.failed > 0 ? red('≠') : green('=')} ${one.route}  ${describeRoute(one)}`,
      ...one.fields
        .filter(({ counts }) => counts)
        .slice(0, 8)
        .map(({ field, raw, noise }) =>
          dim(`      ${field}: ${raw} times${noise > 0 ? `, ${noise} of the stable version itself` : ''}`),
        ),
    ]),
  ];
}

/** Returns one line about all routes. */
export function summarizeDifferences(routes: readonly ShadowRoute[]): string {
  const sum = (of: (route: ShadowRoute) => number): number => routes.reduce((all, route) => all + of(route), 0);
  const compared = sum((one) => one.compared);
  const [differed, noise] = [sum((one) => one.differed), sum((one) => one.noise)];
  return `${compared} answers compared: ${differed} differ, ${noise} in noise only; ${describeLost({ failed: sum((one) => one.failed), dropped: sum((one) => one.dropped), uncompared: sum((one) => one.uncompared) })}`;
}

function describeRoute(one: ShadowRoute): string {
  return `${one.differed} of ${one.compared} differ, ${one.noise} in noise only; ${describeLost(one)}`;
}

function describeLost({ failed, dropped, uncompared }: Pick<ShadowRoute, 'failed' | 'dropped' | 'uncompared'>): string {
  return `${failed} without an answer, ${dropped} dropped, ${uncompared} too large`;
}
