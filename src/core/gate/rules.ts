import { humanOf, signerFault } from '../approval/authority.ts';
import { voteFault } from '../approval/vote-fault.ts';
import type { DecisionNode } from './decision.ts';
import {
  ageFault,
  bindingFault,
  compareAge,
  controlFault,
  outcomeOf,
  readingFault,
  simulationFault,
} from './evidence-faults.ts';
import { fold } from './fold.ts';
import { isLaterPhase } from './phase-order.ts';
import { questionFault, wordFault } from './question-fault.ts';
import { waiverFault } from './waiver-fault.ts';

/** The single rules that a decision is built from. They can be handed in, so that the tests of the laws can plant a fault in each. */
export interface Rules {
  compareAge: typeof compareAge;
  bindingFault: typeof bindingFault;
  ageFault: typeof ageFault;
  simulationFault: typeof simulationFault;
  readingFault: typeof readingFault;
  controlFault: typeof controlFault;
  questionFault: typeof questionFault;
  wordFault: typeof wordFault;
  outcomeOf: typeof outcomeOf;
  signerFault: typeof signerFault;
  waiverFault: typeof waiverFault;
  voteFault: typeof voteFault;
  humanOf: typeof humanOf;
  isLaterPhase: typeof isLaterPhase;
  fold: typeof fold;
  arrange: typeof arrange;
}

/** Nodes in the order in which the documents name them, then by id: never in the order in which they came. */
function arrange<Item extends { node: Pick<DecisionNode, 'id' | 'at'> }>(items: readonly Item[]): Item[] {
  return items.toSorted(({ node: a }, { node: b }) => comparePlaces(a, b));
}

function comparePlaces(a: Pick<DecisionNode, 'id' | 'at'>, b: Pick<DecisionNode, 'id' | 'at'>): number {
  return (
    compare(a.at?.file ?? '', b.at?.file ?? '') ||
    compare(a.at?.line ?? 0, b.at?.line ?? 0) ||
    compare(a.at?.column ?? 0, b.at?.column ?? 0) ||
    compare(a.id, b.id)
  );
}

function compare<Value extends string | number>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The rules as they hold. */
export const standardRules: Rules = {
  compareAge,
  bindingFault,
  ageFault,
  simulationFault,
  readingFault,
  controlFault,
  questionFault,
  wordFault,
  outcomeOf,
  signerFault,
  waiverFault,
  voteFault,
  humanOf,
  isLaterPhase,
  fold,
  arrange,
};
