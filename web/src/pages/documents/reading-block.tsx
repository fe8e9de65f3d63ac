import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import type { ReadingNode } from '../../api/client.generated.ts';
import { CodeBlock } from '../../kit/code-block.tsx';
import { Disclosure } from '../../kit/disclosure.tsx';
import { Icon } from '../../kit/icon.tsx';
import styles from './documents.module.css';
import { FindingNote } from './finding-note.tsx';
import { Inline } from './reading-inline.tsx';
import { ReadingTable } from './reading-table.tsx';
import { StandingMarks } from './standing-marks.tsx';
import { useReading } from './reading-context.ts';

/** A block of a document with what stands beside it. */
export function Block({ node }: { node: ReadingNode }): ReactNode {
  const { findings } = useReading();
  if (node.type === 'list') return <List node={node} />;
  if (node.type === 'table') return <ReadingTable node={node} />;
  return (
    <div data-line={node.line} data-anchor={node.anchor} tabIndex={-1} className={styles.block}>
      <Content node={node} />
      {(findings.get(node) ?? []).map((finding, index) => (
        <FindingNote key={index} finding={finding} />
      ))}
    </div>
  );
}

function Content({ node }: { node: ReadingNode }): ReactNode {
  const t = useTranslations('documents');
  const { children = [], text = '', label = '' } = node;
  switch (node.type) {
    case 'heading':
      return <Heading node={node} />;
    case 'code':
      return <CodeBlock text={text} label={t('codeAt', { label, line: String(node.line) })} />;
    case 'front':
      return (
        <Disclosure title={t('front')}>
          <CodeBlock text={text} label={t('front')} />
        </Disclosure>
      );
    case 'markup':
      return <code className={styles.markup}>{text}</code>;
    case 'rule':
      return <hr />;
    case 'quote':
      return <blockquote>{drawBlocks(children)}</blockquote>;
    case 'footnote':
      return (
        <aside className={styles.footnote}>
          [{label}] {drawBlocks(children)}
        </aside>
      );
    default:
      return (
        <p>
          <Inline nodes={children} />
          <StandingMarks node={node} />
        </p>
      );
  }
}

/** Headings of a document stand below those of the page. */
function Heading({ node }: { node: ReadingNode }) {
  const { children = [], level = 1 } = node;
  const Tag = (['h3', 'h4', 'h5'] as const)[Math.min(level, 3) - 1] ?? 'h5';
  return (
    <Tag data-level={level}>
      <Inline nodes={children} />
      <StandingMarks node={node} />
    </Tag>
  );
}

function List({ node: { children = [], ordered = false, level = 1 } }: { node: ReadingNode }) {
  const items = children.map((item, index) => <Item key={index} node={item} />);
  return ordered ? <ol start={level}>{items}</ol> : <ul>{items}</ul>;
}

/** The first paragraph of an item stands on its line, with how it stands; everything else below. A tick is a claim of the text, and looks like one. */
function Item({ node }: { node: ReadingNode }) {
  const { findings } = useReading();
  const [first, ...rest] = node.children ?? [];
  const isLine = first?.type === 'paragraph';
  return (
    <li data-line={node.line} tabIndex={-1} className={node.checked === undefined ? styles.item : styles.task}>
      <div className={styles.itemLine}>
        {node.checked === undefined ? null : <Icon name={node.checked ? 'check' : 'dash'} className={styles.tick} />}
        <span>
          {isLine ? <Inline nodes={first.children ?? []} /> : null}
          <StandingMarks node={node} />
        </span>
      </div>
      {(findings.get(node) ?? []).map((finding, index) => (
        <FindingNote key={index} finding={finding} />
      ))}
      {drawBlocks(isLine ? rest : (node.children ?? []))}
    </li>
  );
}

function drawBlocks(nodes: readonly ReadingNode[]): ReactNode[] {
  // oxlint-disable-next-line react/no-array-index-key -- a document is drawn whole, and never reordered
  return nodes.map((node, index) => <Block key={index} node={node} />);
}
