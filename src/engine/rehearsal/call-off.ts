import type { Run } from '../../core/procedure/run.ts';
import type { Advancer } from '../advance/open-advancer.ts';
import { deciderOf } from './stand-in.ts';

/**
 * Cancels a pass that stands still: it would stay open for ever, and its folder is gone. Returns null where it is called off, else what stands against it: the run
 * is still there, and people have to be told.
 */
export async function callOff(advancer: Advancer, run: Run): Promise<string | null> {
  const reason = 'the rehearsal is over';
  const by = deciderOf(run);
  const ended = await advancer.advance({
    run: run.id,
    input: { kind: 'cancel', cause: 'error', takeBack: false, approval: null, by, reason },
  });
  if (ended.state === 'decided') return null;
  const why = ended.state === 'refused' ? ended.refusal.reason : `it is ${ended.state}`;
  return `run ${run.id} could not be called off and is still open: ${why}`;
}
