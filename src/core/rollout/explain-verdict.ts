import type { Measure } from './rollout.ts';
import type { RolloutState } from './rollout-state.ts';
import type { MeasureVerdict, VerdictReason } from './verdict.ts';

/** A verdict in plain words, what would change it, and who can. */
export interface Explanation {
  text: string;
  unblock: string;
  who: string;
}

type Scene = Pick<RolloutState, 'rollout' | 'phase'>;

/** Returns why a measure has its verdict, with the numbers it rests on, in words for somebody who knows no statistics. */
export function explainVerdict(verdict: MeasureVerdict, scene: Scene): Explanation {
  const measure = scene.rollout.measures.find(({ id }) => id === verdict.measure);
  const { unblock, who } = waysOut[verdict.reason];
  if (measure === undefined) return { text: `measure ${verdict.measure} is not declared`, unblock, who };
  const says = texts[verdict.reason](verdict, measure, scene);
  return { text: `${verdict.verdict}: ${says}`, unblock, who };
}

type Text = (verdict: MeasureVerdict, measure: Measure, scene: Scene) => string;

const texts: { [reason in VerdictReason]: Text } = {
  worse_than_margin: (verdict, measure, scene) =>
    `${counted(verdict, measure, scene)} Evidence ${odds(verdict.logAgainst)} that it is worse than ${measure.margin}x. Limit ${number(verdict.limit)}.`,
  ratio_excluded: (verdict, measure, scene) =>
    `${counted(verdict, measure, scene)} Evidence ${odds(verdict.logFor)} that it is not as bad as ${measure.exclude}x. Limit ${number(verdict.limit)}.`,
  cap_kept: (verdict, measure) =>
    `${shareOf(verdict, measure)} That is proven to be below the cap of ${percent(measure.cap)}; there are too few to compare both versions.`,
  cap_broken: (verdict, measure) =>
    `${shareOf(verdict, measure)} That is proven to be above the cap of ${percent(measure.cap)}, and the old version does not break it.`,
  above_cap: (verdict, measure) =>
    `${shareOf(verdict, measure)} The cap is ${percent(measure.cap)}. It is not proven that the new version is to blame: the old one has ${share(verdict.stable)}.`,
  too_early: (verdict, measure, { rollout, phase }) =>
    `${number(verdict.canary.total)} requests of the new version are counted, of ${number(rollout.phases[phase]?.minRequests ?? 0)} that the phase asks for beside its time. ${interval(verdict)}`.trim(),
  not_proven: (verdict, measure, scene) =>
    `${counted(verdict, measure, scene)} Neither is proven: worse than ${measure.margin}x ${odds(verdict.logAgainst)}, better than ${measure.exclude}x ${odds(verdict.logFor)}, limit ${number(verdict.limit)}. ${interval(verdict)}`.trim(),
  no_control: (verdict, measure) =>
    `${shareOf(verdict, measure)} No traffic is left on the old version to compare with, and the measure has no cap.`,
  no_samples: ({ detail }) => `The source has no answer: ${detail}. A mistyped name looks the same as silence.`,
  stale: ({ detail }) => `What the source shows is not of now: ${detail}.`,
  reset: ({ detail }) =>
    `Counters began anew: ${detail}. What was counted in between is lost, and the version may have been restarted.`,
  no_bound: ({ detail }) => `Slow cannot be told from fast: ${detail}.`,
  share_mismatch: ({ detail }) =>
    `The new version gets another share of the traffic than it should: ${detail}. What is counted then is not compared.`,
  unreadable: ({ detail }) => `The source cannot be read: ${detail}.`,
};

const deciders = 'a person who may move traffic';
const operators = 'whoever runs the metric source';

const waysOut: { [reason in VerdictReason]: Omit<Explanation, 'text'> } = {
  worse_than_margin: { unblock: 'mend the new version and start again with a new candidate', who: 'its developers' },
  cap_broken: { unblock: 'mend the new version and start again with a new candidate', who: 'its developers' },
  ratio_excluded: { unblock: 'nothing: it passes', who: 'nobody' },
  cap_kept: { unblock: 'nothing: it passes', who: 'nobody' },
  above_cap: { unblock: 'wait until both versions are below the cap, or promote with a reason', who: deciders },
  too_early: { unblock: 'wait for the time and the requests of the phase', who: 'nobody: traffic does' },
  not_proven: { unblock: 'wait for more requests, or promote with a reason', who: deciders },
  no_control: { unblock: 'declare a cap, or promote with a reason once the bake is over', who: deciders },
  no_samples: { unblock: 'mend the name, the labels or the target of the measure', who: operators },
  stale: { unblock: 'see that the source scrapes both versions, and that the new one gets requests', who: operators },
  reset: { unblock: 'wait for the next look; see why it was restarted', who: 'whoever runs the new version' },
  no_bound: {
    unblock: 'give the histogram a bucket near the quantile, or wait for 200 requests of the old version',
    who: operators,
  },
  share_mismatch: {
    unblock: 'see what the router does with the weight, and whether its health checks took a server out',
    who: 'whoever runs the router',
  },
  unreadable: { unblock: 'mend the query or the connection of the source', who: operators },
};

function counted({ compared, sinceMs }: MeasureVerdict, measure: Measure, { rollout, phase }: Scene): string {
  const since = sinceMs === null ? '' : ` since ${clock(sinceMs)}`;
  const weight = rollout.phases[phase]?.weight ?? 0;
  const part = weight > 0 && weight < 100 ? `${weight} % share` : 'share';
  return `Of ${number(compared.bad)} ${nameOf(measure)}${since}, ${number(compared.canary)} hit the new version; its ${part} explains ${number(Math.round(compared.explained))}.`;
}

function shareOf({ canary }: MeasureVerdict, measure: Measure): string {
  return `${number(canary.bad)} of ${number(canary.total)} requests of the new version are ${nameOf(measure)} (${share(canary)}).`;
}

function nameOf({ counts, title }: Measure): string {
  return counts.kind === 'histogram' ? 'slow requests' : title;
}

function interval({ interval: { low, high } }: MeasureVerdict): string {
  if (low === null && high === null) return '';
  if (low === null) return `It is less than ${ratio(high!)} of the old version's.`;
  if (high === null) return `It is more than ${ratio(low)} of the old version's.`;
  return `It is ${ratio(low)} to ${ratio(high)} of the old version's.`;
}

function ratio(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}x`;
}

function odds(log: number): string {
  if (log <= 0) return 'none';
  return log > Math.log(1_000_000) ? 'more than 1,000,000 to 1' : `${number(roundedTo2(Math.exp(log)))} to 1`;
}

/** Two digits are all that such a number means. */
function roundedTo2(value: number): number {
  return Number(value.toPrecision(2));
}

function share({ total, bad }: { total: number; bad: number }): string {
  return total === 0 ? 'none' : percent(bad / total);
}

function percent(value: number | null): string {
  return value === null ? 'none' : `${Number((100 * value).toPrecision(3))} %`;
}

function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
