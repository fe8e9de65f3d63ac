import type { ReadingFinding } from '../document/document.ts';
import type { Scene } from './draft.ts';
import { addProblem } from './problem.ts';
import type { ProblemCode } from './problem.ts';

const codes: { [code in ReadingFinding['code']]?: ProblemCode } = { 'merge-marker': 'merge_conflict' };

/** Adds a problem for everything that makes the text of a declaring document uncertain: it must not run on a guess. */
export function reportDamage({ draft, document }: Scene): void {
  for (const { code, weight, at, message, expected, got, hint } of document.findings) {
    if (weight === 'harmless') continue;
    addProblem(draft.problems, codes[code] ?? (weight === 'refusal' ? 'document_refused' : 'document_damaged'), at, {
      message,
      expected,
      got,
      hint,
    });
  }
}
