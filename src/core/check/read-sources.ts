import { canonicalize } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource, Reading } from './check.ts';

/**
 * Facts of a kind from raw bytes, whatever the bytes are: a reader that throws, or facts that canonical JSON cannot write
 * (a lone surrogate, a number that is not finite), leave the sources unreadable instead of ending the run.
 */
export function readSources(reader: CheckReader, spec: JsonObject, sources: readonly ObservedSource[]): Reading {
  try {
    const reading = reader.parse(spec, sources);
    if (reading.state === 'readable') canonicalize(reading.facts);
    return reading;
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
    return {
      state: 'unreadable',
      trouble: { code: 'unreadable', message: `the ${reader.kind} reader could not read the sources: ${message}` },
    };
  }
}
