import type { JsonObject } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { toPlainText } from '../unreadable.ts';
import { evaluateRules } from './evaluate-rules.ts';
import { toSource } from './reader.ts';
import { dataRulesSchema } from './schema.ts';

/** Asks the rules of a dataset; a datastore that cannot be read comes back as trouble, never as a report that is clean as far as it goes. */
export async function observeDataRules(asked: JsonObject, context: ObserveContext): Promise<Observation> {
  const { dataset: id, rules = null, samples } = dataRulesSchema.parse(asked);
  const { data } = context;
  const dataset = data?.datasets.find((one) => one.id === id);
  if (data === undefined || dataset === undefined)
    return trouble(
      'configuration',
      `dataset: expected a dataset of the launch, got ${id}; declare it with a yaml dataset fence`,
    );
  try {
    const { report } = await evaluateRules(
      dataset,
      { rules, samples, keep: samples },
      {
        ...data,
        now: () => context.now(),
        signal: context.signal,
        progress: (done, total, text) => context.progress?.(done, total, text),
      },
    );
    return { sources: [toSource(report)], trouble: null };
  } catch (error) {
    if (context.signal.aborted) return trouble('aborted', 'the check was stopped before every rule was asked');
    if (error instanceof DatastoreTrouble) return trouble(error.code, error.message);
    throw error;
  }
}

function trouble(code: string, message: string): Observation {
  return { sources: [], trouble: { code, message: toPlainText(message, 500) } };
}
