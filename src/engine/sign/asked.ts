import type { JsonObject } from '@tminus/verify';

import { checkSha256 } from '../../core/check/check-sha256.ts';
import type { CheckKind, Expectation } from '../../core/check/check.ts';
import { readExpectation } from '../../core/check/read-expectation.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Criterion } from '../../core/launch/launch.ts';

/** What is asked of a person's word, and the digest of that question. */
export interface Asked {
  checkSha256: string;
  asked: { spec: JsonObject; expectations: readonly Expectation[] };
}

/** The declared manual check of a criterion, or the default one of a criterion that only says [HUMAN]. */
export function toAsked({ check }: Criterion, kind: CheckKind, spec: JsonObject): Asked {
  if (check?.kind === kind.kind)
    return { checkSha256: check.sha256, asked: { spec, expectations: check.expectations } };
  const expectations = kind.defaultExpectations(spec).map(toExpectation);
  return { checkSha256: checkSha256({ kind: kind.kind, spec: {}, expectations }), asked: { spec, expectations } };
}

function toExpectation(text: string): Expectation {
  const read = readExpectation(text);
  if (read.ok) return read.expectation;
  const { expected, got } = read.fault;
  throw new ProductError('internal', `default expectation "${text}": expected ${expected}, got ${got}`, {
    hint: 'report this',
  });
}
