import type { Blockquote, Code } from 'mdast';

import type { QuoteDeclaration } from '../../core/launch/launch.ts';
import type { Scene } from './draft.ts';
import { addProblem } from './problem.ts';
import { readCheck } from './read-check.ts';
import { isShown, readFence } from './read-fence.ts';
import { plainText } from './read-title.ts';
import { takeAttributes } from './take-attributes.ts';

const labels = [
  { list: 'pointsOfNoReturn', what: 'point of no return', pattern: /^point of no return\s*:?\s*/i },
  { list: 'stops', what: 'stop condition', pattern: /^stop if\s*:?\s*/i },
] as const;

/** How often a condition is looked at that does not say. */
const everyMs = 30_000;

/** Reads a quote block that begins with a bold label we know; any other quote is prose. */
export function readQuote(scene: Scene, quote: Blockquote): void {
  const { draft, document } = scene;
  const first = quote.children[0];
  if (first?.type !== 'paragraph' || first.children[0]?.type !== 'strong') return;
  const label = plainText(first.children[0], document);
  const found = labels.find(({ pattern }) => pattern.test(label));
  if (found === undefined) return;
  const at = document.place(first);
  const text = plainText(first, document).replace(found.pattern, '').trim();
  if (text === '') {
    addProblem(draft.problems, 'declaration_invalid', at, {
      message: `${label.replace(/:$/, '').toLowerCase()} says nothing`,
      expected: 'a sentence behind the label',
      got: 'nothing',
      hint: 'write what it is that one can see',
    });
  }
  draft.launch[found.list].push({ text, ...readDetector(scene, quote, found.what), at });
}

function readDetector(scene: Scene, quote: Blockquote, owner: string): Pick<QuoteDeclaration, 'detect' | 'everyMs'> {
  const { draft, document } = scene;
  const fences = quote.children.filter((node): node is Code => node.type === 'code' && !isShown(node));
  const [first, second] = fences;
  if (first === undefined) return { detect: null, everyMs: null };
  if (second !== undefined) {
    addProblem(draft.problems, 'action_duplicate', document.place(second), {
      message: 'a quote has more than one fence',
      expected: 'one fence that detects it',
      got: `${fences.length}`,
      hint: 'write a quote of its own for each',
    });
  }
  const detect = readCheck(scene, first, { owner, apart: ['every'] });
  const every = readFence(document, first, []).attributes.get('every');
  const values = new Map(every === undefined ? [] : [['every', every] as const]);
  const taken = takeAttributes(draft, { id: null, values, at: document.place(first) }, `a ${owner}`, ['every']);
  return { detect, everyMs: taken.length('every') ?? everyMs };
}
