import type { JsonObject } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { toPlainText } from '../unreadable.ts';
import { compareRedirects } from './compare-redirects.ts';
import { toSource } from './reader.ts';
import { redirectsSchema } from './schema.ts';

/** Asks for the URLs of the check; a source of them that cannot be read is trouble, and never a shorter report. */
export async function observeRedirects(asked: JsonObject, context: ObserveContext): Promise<Observation> {
  try {
    return { sources: [toSource(await compareRedirects(redirectsSchema.parse(asked), context))], trouble: null };
  } catch (error) {
    if (context.signal.aborted) return trouble('aborted', 'the check was stopped before every URL was asked for');
    if (error instanceof DatastoreTrouble) return trouble(error.code, error.message);
    throw error;
  }
}

function trouble(code: string, message: string): Observation {
  return { sources: [], trouble: { code, message: toPlainText(message, 500) } };
}
