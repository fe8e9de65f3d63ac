import { digestOf } from '@tminus/verify';

import type { Candidate } from './candidate.ts';

/** Digest that evidence is bound to: another commit, version, URL, environment or declared key is another candidate. */
export function candidateSha256({ commit, version, url, environment, extra }: Candidate): string {
  return digestOf({ commit, version, url, environment, extra });
}
