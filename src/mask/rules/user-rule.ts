import { RE2JS } from 're2js';

import type { Refusal } from '../known-secret.ts';

/** A rule that users write: a pattern in the syntax of RE2, tried on the stretch of the line around a keyword. */
export interface Rule {
  id: string;
  keywords: readonly string[];
  pattern: string;
}

/** A user's rule, compiled. */
export interface LineRule {
  id: string;
  keywords: readonly string[];
  /** The places within `text` that match. */
  find(text: string): { from: number; to: number }[];
}

/** How far around a keyword a user's rule looks. */
export const lineRuleReach = 256;

const longestPattern = 200;
const mostRepetitions = 64;

/**
 * The rules that can be held to a time limit, and the others with the reason: RE2 knows no look-around and no back-references, counted repetitions are
 * unrolled and so are kept small, and a rule without a keyword of three letters would run on every line.
 */
export function compileRules(rules: readonly Rule[]): { compiled: LineRule[]; refused: Refusal[] } {
  const refused: Refusal[] = [];
  const compiled = rules.flatMap((rule) => {
    const reason = weakness(rule);
    if (reason !== null) {
      refused.push({ name: rule.id, reason });
      return [];
    }
    const pattern = RE2JS.compile(rule.pattern);
    return [{ id: rule.id, keywords: rule.keywords, find: (text: string) => findAll(pattern, text) }];
  });
  return { compiled, refused };
}

function weakness({ id, keywords, pattern }: Rule): string | null {
  if (!/^[\w.-]{1,64}$/.test(id)) return 'expected an id of letters, digits, dots and dashes';
  if (keywords.length === 0 || keywords.some((keyword) => keyword.replaceAll(/[^A-Za-z0-9]/g, '').length < 3))
    return 'expected keywords of at least three letters or digits, got one that stands on every line';
  if (pattern.length > longestPattern) return `expected at most ${longestPattern} characters, got ${pattern.length}`;
  let repetitions = 1;
  for (const [, least, most] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    repetitions *= Math.max(1, Number(most ?? least), Number(least));
  if (repetitions > mostRepetitions)
    return `expected repetitions of ${mostRepetitions} at most, multiplied, got ${repetitions}`;
  try {
    return RE2JS.compile(pattern).matches('') ? 'expected a pattern that does not match the empty text' : null;
  } catch (error) {
    return `expected a pattern in the syntax of RE2, got ${error instanceof Error ? error.message : String(error)}`;
  }
}

function findAll(pattern: RE2JS, text: string): { from: number; to: number }[] {
  const matcher = pattern.matcher(text);
  const found: { from: number; to: number }[] = [];
  while (matcher.find()) if (matcher.end() > matcher.start()) found.push({ from: matcher.start(), to: matcher.end() });
  return found;
}
