import {
  countRollbacks,
  createJudgeRule,
  createSpacedRule,
  dispersionOfDay,
  errorSetting,
  slowSetting,
  spanSeconds,
} from './judge-rule.ts';
import type { JudgeSetting } from './judge-rule.ts';
import type { Rule } from './peer-rules.ts';
import { lookSeconds, models } from './simulate-traffic.ts';
import type { Traffic } from './simulate-traffic.ts';

/** An hour of a phase with an innocent canary of 5 %, under one model and one amount of traffic. */
export interface Cell {
  name: string;
  traffic: Traffic;
  setting: Omit<JudgeSetting, 'dispersion'>;
}

/** Errors of one in a thousand under every model, and slow requests of one in ten where instances differ by 3 %: 216 ms is the 0.9 quantile of a log-normal latency, and 3 % of it move 5.2 % of what lies beyond. */
export const innocentCells: Cell[] = models.flatMap((model) =>
  [20, 200, 2_000].flatMap((rps) => {
    const errors: Cell = {
      name: `errors, ${model}, ${rps} rps`,
      traffic: { model, rps, share: 0.05, base: 0.001, ratio: 1, noise: model === 'noise' ? 0.03 : 0 },
      setting: errorSetting,
    };
    const slow: Cell = {
      name: `slow, ${model}, ${rps} rps`,
      traffic: { model, rps, share: 0.05, base: 0.1, ratio: 1, noise: 0.052 },
      setting: slowSetting,
    };
    return model === 'noise' ? [errors, slow] : [errors];
  }),
);

/** How many days of history there are to take a dispersion from: each run has one of them, as each rollout would. */
const days = 5;

/** How often the judge takes an innocent canary back in so many runs, each of an hour; with `changes` it is another judge, with `product` it looks when the product does. */
export function countFalseRollbacks(
  { traffic, setting }: Cell,
  runs: number,
  changes: Partial<JudgeSetting> = {},
  spacing: 'even' | 'product' = 'even',
): number {
  const dispersions = Array.from({ length: days }, (_, day) => dispersionOfDay(traffic, 90_001 + day));
  const create = spacing === 'even' ? createJudgeRule : createSpacedRule;
  const createRule = (run: number): Rule => create({ ...setting, dispersion: dispersions[run % days]!, ...changes });
  return countRollbacks(createRule, traffic, runs, spacing === 'even' ? lookSeconds : spanSeconds).rolledBack;
}
