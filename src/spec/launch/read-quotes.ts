import type { Blockquote, Code } from 'mdast';

import type { QuoteDeclaration } from '../../core/launch/launch.ts';
import type { Scene } from './draft.ts';
import { addProblem } from './problem.ts';
import { attributeRecord, isShown, readFence } from './read-fence.ts';
import { plainText } from './read-title.ts';

const labels = [
  { list: 'pointsOfNoReturn', pattern: /^point of no return\s*:?\s*/i },
  { list: 'stops', pattern: /^stop if\s*:?\s*/i },
] as const;

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
  const declaration: QuoteDeclaration = { text, detect: readDetector(scene, quote), at };
  draft.launch[found.list].push(declaration);
}

function readDetector(scene: Scene, quote: Blockquote): QuoteDeclaration['detect'] {
  const { draft, document } = scene;
  const fences = quote.children.filter((node): node is Code => node.type === 'code' && !isShown(node));
  const [first, second] = fences;
  if (first === undefined) return null;
  if (second !== undefined) {
    addProblem(draft.problems, 'action_duplicate', document.place(second), {
      message: 'a quote has more than one fence',
      expected: 'one fence that detects it',
      got: `${fences.length}`,
      hint: 'write a quote of its own for each',
    });
  }
  const fence = readFence(document, first, draft.problems);
  return { kind: fence.language, attributes: attributeRecord(fence.attributes), text: fence.text, at: fence.at };
}
