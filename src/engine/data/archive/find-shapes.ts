import { buildRuleSet } from '../../../mask/find-by-rule.ts';
import { createSecretSet } from '../../../mask/find-secrets.ts';
import { findSpans } from '../../../mask/mask-stream.ts';
import { builtInRules } from '../../../mask/rules/built-in-rules.ts';

/** Returns what tells whether a line holds something of the shape of a secret, in names or values. */
export function createShapeFinder(): (line: string) => boolean {
  const targets = { secrets: createSecretSet(), rules: buildRuleSet(builtInRules, [], null) };
  return (line) => findSpans(Buffer.from(line, 'utf8'), targets).length > 0;
}
