import type { CheckKind, JsonObject, Observation, ObserveContext } from '../core/check/check.ts';
import { ProductError } from '../core/error/product-error.ts';

/** Longest that one observation may take, whatever its own limits say. */
export const observationLimitMs = 600_000;

/**
 * Asks a kind once. A kind that breaks is trouble in the record, so that the criterion becomes unknown and says why.
 * Throws `interrupted` when the caller's signal ends it: an observation that we cut short is no evidence of anything.
 */
export async function observeCheck(kind: CheckKind, spec: JsonObject, context: ObserveContext): Promise<Observation> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(observationLimitMs)]);
  const observation = await kind
    .observe(spec, { ...context, signal })
    .catch((error: unknown) => toTrouble(kind, error));
  if (!context.signal.aborted) return observation;
  throw new ProductError('interrupted', `check of kind ${kind.kind}: interrupted before it was done`, {
    hint: 'run the same command again: what was sealed stays, this check is due again',
  });
}

function toTrouble(kind: CheckKind, error: unknown): Observation {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    sources: [],
    trouble: { code: 'observe_failed', message: `the ${kind.kind} check itself broke: ${reason}` },
  };
}
