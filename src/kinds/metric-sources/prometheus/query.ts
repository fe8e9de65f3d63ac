import type { Arm } from '../../../core/rollout/rollout.ts';
import { arms } from '../counter-series.ts';
import type { ArmSelectors } from '../measure-selectors.ts';
import { renderSelector } from '../../../core/rollout/selector.ts';
import type { Selector } from '../../../core/rollout/selector.ts';

/** Labels by which the parts of the one query are told apart again. */
export const marks = { arm: 'tminus_arm', of: 'tminus_of', name: 'tminus_name', part: 'tminus_part' } as const;

type Marks = { [mark in (typeof marks)[keyof typeof marks]]: string };

/**
 * Returns one query for both arms, with the times of its samples: what an instant query says of time is when it was asked, and a target that died stays
 * visible for minutes. Raw counters only; `increase` guesses at the edges. Every part bears the name as a label, since `timestamp` and `or` ignore it.
 */
export function toQuery(selectors: { [arm in Arm]: ArmSelectors }): string {
  const parts = arms.flatMap((arm) =>
    (['total', 'bad'] as const).flatMap((of) => selectors[arm][of].flatMap((selector) => toParts(selector, arm, of))),
  );
  return [...new Set(parts)].join(' or ');
}

function toParts(selector: Selector, arm: Arm, of: 'total' | 'bad'): string[] {
  const text = renderSelector(selector);
  const common = { tminus_arm: arm, tminus_of: of, tminus_name: selector.name };
  // timestamp() tells the time of the sample only of a bare selector.
  return [
    mark(text, { ...common, tminus_part: 'value' }),
    mark(`timestamp(${text})`, { ...common, tminus_part: 'at' }),
  ];
}

function mark(expression: string, labels: Marks): string {
  return Object.entries(labels).reduce(
    (inner, [label, value]) => `label_replace(${inner},"${label}","${value}","","")`,
    expression,
  );
}
