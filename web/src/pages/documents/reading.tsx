import { useEffect, useMemo, useRef } from 'react';

import type { ReadDocumentAnswer } from '../../api/client.generated.ts';
import styles from './documents.module.css';
import { Block } from './reading-block.tsx';
import { placeNotes } from './place-notes.ts';
import { ReadingContext } from './reading-context.ts';

/** A document as people read it, what lint says below its line, and how criteria and steps stand behind theirs. */
export function ReadingView({
  launch,
  document: { tree, findings, marks },
}: {
  launch: string;
  document: ReadDocumentAnswer;
}) {
  const reading = useMemo(
    () => ({ launch, findings: placeNotes(tree, findings), marks: placeNotes(tree, marks) }),
    [launch, tree, findings, marks],
  );
  const article = useRef<HTMLElement>(null);
  useGoToHash(article);
  return (
    <ReadingContext value={reading}>
      <article className={styles.reading} ref={article}>
        {(tree.children ?? []).map((node, index) => (
          <Block key={index} node={node} />
        ))}
      </article>
    </ReadingContext>
  );
}

/** Goes to what the address names: `#L12` is what stands on line 12, anything else a heading. Looked up by comparing, never as a selector. */
function useGoToHash(article: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const go = (): void => {
      const wanted = decodeHash(location.hash);
      const line = /^L(\d+)$/.exec(wanted)?.[1];
      const nodes = [...(article.current?.querySelectorAll<HTMLElement>('[data-line]') ?? [])];
      const found =
        line === undefined
          ? nodes.find((node) => node.dataset['anchor'] === wanted)
          : nodes.findLast((node) => Number(node.dataset['line']) <= Number(line));
      if (wanted === '' || found === undefined) return;
      found.scrollIntoView({ block: 'center' });
      found.focus({ preventScroll: true });
    };
    go();
    addEventListener('hashchange', go);
    return () => removeEventListener('hashchange', go);
  }, [article]);
}

function decodeHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
