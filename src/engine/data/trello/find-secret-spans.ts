import type { FoundSecret } from '../../../core/dataset/trello/redact-board.ts';
import { buildRuleSet } from '../../../mask/find-by-rule.ts';
import { createSecretSet } from '../../../mask/find-secrets.ts';
import { findSpans } from '../../../mask/mask-stream.ts';
import { builtInRules } from '../../../mask/rules/built-in-rules.ts';

/** Returns what finds stretches of the shape of a secret in a text, by every rule that the masker has. */
export function createSecretFinder(): (text: string) => FoundSecret[] {
  const targets = { secrets: createSecretSet(), rules: buildRuleSet(builtInRules, [], null) };
  return (text) => {
    const raw = Buffer.from(text, 'utf8');
    const at = (byte: number): number => raw.subarray(0, byte).toString('utf8').length;
    return findSpans(raw, targets).map(({ from, to, label }) => ({ start: at(from), end: at(to), rule: label }));
  };
}
