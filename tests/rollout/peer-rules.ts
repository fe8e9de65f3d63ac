import type { Split } from '../../src/core/rollout/split.ts';
import { hodgesLehmann } from './mann-whitney.ts';

/** Returns whether a rule takes a canary back, asked at every look of ten seconds. */
export type Rule = (split: Split) => boolean;

const looksPerMinute = 6;

/** Asks once a minute whether more than this share of the canary's requests was bad, and takes it back at the so-manieth time: Flagger (1 %, 5) and Argo Rollouts (1 %, 4). */
export function createThresholdRule(share: number, fails: number): Rule {
  let [look, total, bad, failed] = [0, 0, 0, 0];
  return ({ canary }) => {
    total += canary.total;
    bad += canary.bad;
    look += 1;
    if (look % looksPerMinute !== 0) return false;
    if (total > 0 && bad / total > share) failed += 1;
    [total, bad] = [0, 0];
    return failed >= fails;
  };
}

/**
 * Kayenta: rates by the minute of the canary and of a baseline of its size, Mann-Whitney at confidence 0.98, High where the whole interval of the shift lies above a quarter
 * of it. First asked after ten minutes, then every five.
 */
export function createKayentaRule(baselineLook: () => Split): Rule {
  const [canaryRates, baselineRates]: [number[], number[]] = [[], []];
  let [look, canary, baseline] = [0, { total: 0, bad: 0 }, { total: 0, bad: 0 }];
  return (split) => {
    const beside = baselineLook().canary;
    canary = { total: canary.total + split.canary.total, bad: canary.bad + split.canary.bad };
    baseline = { total: baseline.total + beside.total, bad: baseline.bad + beside.bad };
    look += 1;
    if (look % looksPerMinute !== 0) return false;
    canaryRates.push(canary.total === 0 ? 0 : canary.bad / canary.total);
    baselineRates.push(baseline.total === 0 ? 0 : baseline.bad / baseline.total);
    [canary, baseline] = [
      { total: 0, bad: 0 },
      { total: 0, bad: 0 },
    ];
    const minute = look / looksPerMinute;
    if (minute < 10 || minute % 5 !== 0) return false;
    const { shift, low } = hodgesLehmann(canaryRates, baselineRates, 0.98);
    return low > 0.25 * Math.abs(shift);
  };
}
