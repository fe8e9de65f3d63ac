import { digestOf } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';

import type { Expectation } from './check.ts';

/**
 * Digest of what a check asks and wants. Spelling that means the same (`0.5s`, `500ms`, white space) gives the same digest;
 * any other change of kind, spec or expectations gives another, and evidence of the old one is stale.
 */
export function checkSha256(check: { kind: string; spec: JsonObject; expectations: readonly Expectation[] }): string {
  const expectations = check.expectations.map(({ path, operator, value }) => ({ path, operator, value }));
  return digestOf({ kind: check.kind, spec: check.spec, expectations });
}
