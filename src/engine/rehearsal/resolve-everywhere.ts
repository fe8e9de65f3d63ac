import { ProductError } from '../../core/error/product-error.ts';
import { toScene } from '../scene.ts';
import type { ReadPlan } from '../scene.ts';

/**
 * Returns the digest of the candidate as each environment of a launch has it: a candidate names its environment and its address there, so what is rehearsed
 * in one is another candidate by its digest in the next. Environments in which it cannot be told are left out.
 */
export async function resolveEverywhere(plan: ReadPlan): Promise<{ [environment: string]: string }> {
  const found: { [environment: string]: string } = {};
  const { directory, documents, launch, planHash } = plan;
  for (const { id } of launch.environments) {
    try {
      found[id] = (await toScene({ directory, documents, launch, planHash }, id)).candidateSha256;
    } catch (error) {
      if (!(error instanceof ProductError) || error.code !== 'candidate_unknown') throw error;
    }
  }
  return found;
}
