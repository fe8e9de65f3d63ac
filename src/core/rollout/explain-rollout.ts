import { explainVerdict } from './explain-verdict.ts';
import type { Explanation } from './explain-verdict.ts';
import { barsOf } from './next-phase.ts';
import type { HoldCause, RolloutState } from './rollout-state.ts';

/** Where a rollout stands, in plain words: what it waits for, what would bring it on, and who can. */
export interface RolloutExplanation {
  headline: string;
  /** One for each thing that it waits for; empty where it waits for nothing. */
  waits: Explanation[];
  /** One for each measure. */
  measures: (Explanation & { measure: string; gating: boolean })[];
}

const deciders = 'a person who may move traffic';

const afterHold: { [cause in HoldCause]: string } = {
  person: 'resume it, promote it with a reason, or abort it',
  inconclusive: 'resume for the same time again, promote it with a reason, or abort it',
  no_data: 'mend the source and resume, or abort it',
  error: 'mend the source and resume, or abort it',
  barred: 'see to what bars it and resume, or abort it',
  failed: 'abort it',
  past_return: 'begin the prepared way back, or promote it with a reason: forward is the other way',
  stable_unhealthy: 'bring the old version back to life and abort, or go forward',
  router_failed: 'mend the router and resume, or abort it',
  weight_drifts: 'find out who else moves the router, and resume',
  aborted_past_return: 'begin the prepared way back',
  lowered: 'lower it further or abort it, or resume from the phase that had this weight',
};

/** Returns where a rollout stands and what would unblock it. */
export function explainRollout(state: RolloutState): RolloutExplanation {
  const { rollout, verdicts } = state;
  return {
    headline: headlineOf(state),
    waits: waitsOf(state),
    measures: rollout.measures.flatMap(({ id, gating }) => {
      const verdict = verdicts.find(({ measure }) => measure === id);
      return verdict === undefined ? [] : [{ measure: id, gating, ...explainVerdict(verdict, state) }];
    }),
  };
}

function headlineOf({ stands, rollout, phase, weight, hold, outcome, exposed }: RolloutState): string {
  const name = rollout.phases[phase]?.id ?? 'the beginning';
  const seen =
    exposed.exact === null
      ? ''
      : `; ${exposed.exact ? '' : 'at least '}${exposed.requests.toLocaleString('en-US')} requests went to the new version`;
  if (stands === 'waiting') return `waits to begin${seen}`;
  if (stands === 'moving') return `moves from ${weight.before} % to ${weight.asked} %${seen}`;
  if (stands === 'watching') return `${name}: ${weight.asked} % on the new version, under watch${seen}`;
  if (stands === 'held') return `held at ${weight.asked} %: ${hold?.reason ?? 'no reason'}${seen}`;
  if (stands === 'completed') return `completed: all traffic is on the new version${seen}`;
  const going = stands === 'going-back' ? 'goes back to 0 %' : stands === 'aborted' ? 'aborted' : 'rolled back';
  return `${going}: ${outcome?.reason ?? 'no reason'}${seen}`;
}

function waitsOf(state: RolloutState): Explanation[] {
  const { stands, hold, routers, weight } = state;
  if (stands === 'completed' || stands === 'rolled-back' || stands === 'aborted') return [];
  if (stands === 'held')
    return [{ text: hold?.reason ?? '', unblock: hold === null ? 'resume it' : afterHold[hold.cause], who: deciders }];
  if (stands === 'moving' || stands === 'going-back')
    return routers
      .filter((router) => router.weight !== weight.asked)
      .map(({ router, weight: read }) => ({
        text: `router ${router}: expected weight ${weight.asked}, got ${read ?? 'no answer'}`,
        unblock: 'nothing: it is asked again until it has it',
        who: 'whoever runs the router, where it takes long',
      }));
  return barsOf(state).map(({ code, reason, untilMs }) => {
    const isTime = untilMs !== null || code === 'verdict';
    const until = untilMs === null ? '' : ` until ${new Date(untilMs).toISOString()}`;
    return {
      text: reason,
      unblock: isTime ? `wait${until}` : (afterBar[code] ?? 'see to it'),
      who: isTime ? 'nobody: time and traffic do' : deciders,
    };
  });
}

const afterBar: { [code: string]: string } = {
  condition_unmet: 'meet the condition with evidence',
  outside_window: 'wait for a window, or declare an emergency label',
  incident_open: 'close the incident',
  note_missing: 'leave the note that the phase asks for',
  weight_not_zero: 'set the router to 0 for the canary: somebody else put it there',
  weight_differs: 'find out who else moves the router',
  router_unread: 'bring the router back to life',
};
