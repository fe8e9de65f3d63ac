import { distance } from 'fastest-levenshtein';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';

const token = /(?<![\w.\\-])[A-Za-z][A-Za-z_]*(?:[-_.][A-Za-z_]+)+(?![\w-])/g;

/** A name in code that is one letter away from one that is used far more often. */
function nearMisses({ paper }: Subject): Hit[] {
  const counts = new Map<string, { count: number; line: number; column: number }>();
  for (const line of paper.lines) {
    if (!line.raw.includes('`') && line.kind !== 'code') continue;
    for (const match of line.raw.matchAll(token)) {
      if (match[0].length < 9) continue;
      const known = counts.get(match[0]);
      if (known === undefined) counts.set(match[0], { count: 1, line: line.number, column: match.index + 1 });
      else known.count += 1;
    }
  }
  if (counts.size > 600) return [];
  const names = [...counts];
  const hits: Hit[] = [];
  for (const [rare, place] of names) {
    const near = names.find(
      ([often, other]) =>
        other.count >= 3 &&
        other.count >= 2 * place.count &&
        often.length !== rare.length &&
        Math.abs(often.length - rare.length) === 1 &&
        !(often.length > rare.length ? often : rare).endsWith('s') &&
        distance(often, rare) === 1,
    );
    if (near !== undefined)
      hits.push({
        line: place.line,
        column: place.column,
        message: `"${rare}" is one letter away from "${near[0]}", which is used ${near[1].count} times`,
        expected: near[0],
        got: rare,
        hint: 'correct it, if it is the same thing',
      });
  }
  return hits;
}

function acronyms({ paper }: Subject): Hit[] {
  const places = new Map<string, { line: number; column: number }>();
  for (const line of paper.lines) {
    if (line.prose === '' || line.kind === 'code') continue;
    for (const match of line.prose.matchAll(/\bthe ([A-Z]{3,5})\b/g))
      if (!places.has(match[1] ?? ''))
        places.set(match[1] ?? '', { line: line.number, column: line.column + match.index });
  }
  for (const [short, place] of places) {
    const long = [...places].find(([other]) => other.length === short.length + 1 && other.endsWith(short));
    if (long !== undefined)
      return [
        {
          line: long[1].line,
          column: long[1].column,
          message: `one role seems to have two names: ${short} and ${long[0]}`,
          expected: 'one name',
          got: `${short}, ${long[0]}`,
          hint: 'use one, or say who is who',
          related: [{ ...place, note: short }],
        },
      ];
  }
  return [];
}

/** Names that are nearly the same. */
export const nameRules: Rule[] = [
  {
    code: 'near-miss-name',
    severity: 'info',
    summary: 'A name is one letter away from one that is used far more often, or one role has two names.',
    why: 'The file with the typing error does not exist.',
    fires: '# N\n\n`kubelet-ca.crt` and `kubelet-ca.crt` and `kubelet-ca.crt`\n\n`kublet-ca.crt`\n',
    silent: '# N\n\n`kubelet-ca.crt` and `kubelet-ca.crt` and `kubelet-ca.crts` and `kubelet-cb.crt`\n',
    check: (subject) => [...nearMisses(subject), ...acronyms(subject)],
  },
];
