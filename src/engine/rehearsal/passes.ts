import type { Plan } from '../../core/procedure/plan.ts';
import type { PlantedFault } from '../run-setting.ts';
import type { RehearsedPass } from './rehearse-once.ts';

/** One pass of a rehearsal as it is meant. */
export interface PassPlan {
  id: string;
  title: string;
  faults: { readonly [step: string]: PlantedFault };
  takesBack: boolean;
}

const planted: readonly { fault: PlantedFault; title: string }[] = [
  { fault: 'fails', title: 'every step fails once' },
  { fault: 'times_out', title: 'every step runs out of time once' },
  { fault: 'crash_before', title: 'every worker dies before the effect' },
  { fault: 'crash_after', title: 'every worker dies after the effect, before it could say so' },
  { fault: 'owner_absent', title: 'every owner is absent' },
];

/** The passes of a rehearsal: forward, the way back where there is one, and one for each fault that the plan has a step for. */
export function planPasses(plan: Plan, depth: 'quick' | 'full'): PassPlan[] {
  const forward: PassPlan = { id: 'forward', title: 'every step, as planned', faults: {}, takesBack: false };
  const hasWayBack = plan.steps.some(({ undo }) => undo !== null);
  const back: PassPlan = { id: 'way-back', title: 'everything is taken back', faults: {}, takesBack: true };
  const faulty = planted.flatMap(({ fault, title }) => {
    const steps = plan.steps.filter((step) => canHave(step, fault));
    const faults = Object.fromEntries(steps.map(({ id }) => [id, fault]));
    return steps.length === 0 ? [] : [{ id: fault, title, faults, takesBack: false }];
  });
  return [forward, ...(hasWayBack ? [back] : []), ...(depth === 'full' ? faulty : [])];
}

function canHave({ human, pause, limitMs, onTimeout }: Plan['steps'][number], fault: PlantedFault): boolean {
  // Where nobody else is called, a run without its owner ends or holds, as it is declared to: there is nothing to go on with.
  if (fault === 'owner_absent') return human && limitMs !== null && onTimeout === 'escalate';
  return !human && pause === null && (fault !== 'times_out' || limitMs !== null);
}

/** Why a pass did not pass; empty where it did. Nothing but the end that it was made for is good enough, and only with every fault that was planted. */
export function judgePass(
  { takesBack, id }: PassPlan,
  { run, stuck }: RehearsedPass,
  missed: readonly string[],
): string[] {
  if (stuck !== null) return [stuck];
  const wanted = takesBack ? 'rolled_back' : 'completed';
  if (run.state === wanted) return missed.map((step) => `expected the planted fault in ${step}, got none`);
  const reason = run.endingReason ?? '';
  return [
    `${id}: expected the run to be ${wanted.replace('_', ' ')}, got ${run.state}${reason === '' ? '' : `: ${reason}`}`,
  ];
}
