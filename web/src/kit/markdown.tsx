import type { RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { gfmTable } from 'micromark-extension-gfm-table';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import { useMemo } from 'react';
import type { ReactNode } from 'react';

import { CodeBlock } from './code-block.tsx';
import { Icon } from './icon.tsx';
import styles from './markdown.module.css';
import { toSafeLink } from './to-safe-link.ts';

/** Where an image of a document is read from: an address of our own, or null for one that is not shown. */
export type ImageAddress = (url: string) => string | null;

const syntax = {
  extensions: [gfmStrikethrough(), gfmTable(), gfmTaskListItem()],
  mdastExtensions: [gfmStrikethroughFromMarkdown(), gfmTableFromMarkdown(), gfmTaskListItemFromMarkdown()],
};

/**
 * Markdown (CommonMark with tables, task lists and strikethrough of GFM), drawn from its tree as elements: no HTML is ever made of it, and HTML inside it is shown as
 * the text that it is. Links go to http, https and mailto only; an image is shown where `imageAddress` knows an address of our own for it.
 */
export function Markdown({ text, imageAddress = () => null }: { text: string; imageAddress?: ImageAddress }) {
  const tree = useMemo(() => fromMarkdown(text, syntax), [text]);
  return <div className={styles.markdown}>{drawAll(tree.children, imageAddress)}</div>;
}

function drawAll(nodes: readonly RootContent[], image: ImageAddress): ReactNode[] {
  // The place is the identity of a node: a text is drawn as a whole, and never reordered.
  // oxlint-disable-next-line react/no-array-index-key
  return nodes.map((node, index) => <Node key={index} node={node} image={image} />);
}

function Node({ node, image }: { node: RootContent; image: ImageAddress }): ReactNode {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'html':
      return <code>{node.value}</code>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return <CodeBlock text={node.value} label={[node.lang, node.meta].filter(Boolean).join(' ') || 'code'} />;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'image':
      return <Image url={node.url} alt={node.alt ?? ''} image={image} />;
    case 'link':
      return <SafeLink url={node.url}>{drawAll(node.children, image)}</SafeLink>;
    case 'list':
      return <List node={node} image={image} />;
    case 'table':
      return <TableOf node={node} image={image} />;
    default:
      return 'children' in node ? <Block node={node} image={image} /> : null;
  }
}

/** What only wraps what is inside it. */
function Block({ node, image }: { node: Extract<RootContent, { children: unknown }>; image: ImageAddress }) {
  const inner = drawAll(node.children, image);
  switch (node.type) {
    case 'paragraph':
      return <p>{inner}</p>;
    case 'heading':
      // Headings of a text stand below those of the page.
      return node.depth <= 2 ? <h3>{inner}</h3> : <h4>{inner}</h4>;
    case 'blockquote':
      return <blockquote>{inner}</blockquote>;
    case 'emphasis':
      return <em>{inner}</em>;
    case 'strong':
      return <strong>{inner}</strong>;
    case 'delete':
      return <del>{inner}</del>;
    default:
      return <>{inner}</>;
  }
}

function List({ node, image }: { node: Extract<RootContent, { type: 'list' }>; image: ImageAddress }) {
  const items = node.children.map((item, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- as above
    <li key={index} className={item.checked == null ? undefined : styles.task}>
      {item.checked == null ? null : <Icon name={item.checked ? 'checkCircle' : 'dash'} />}
      {drawAll(unwrapped(item.children, node.spread === true), image)}
    </li>
  ));
  return node.ordered === true ? <ol start={node.start ?? 1}>{items}</ol> : <ul>{items}</ul>;
}

/** The one paragraph of an item of a tight list stands without its own margins. */
function unwrapped(children: readonly RootContent[], isLoose: boolean): RootContent[] {
  return children.flatMap((child) => (child.type === 'paragraph' && !isLoose ? child.children : [child]));
}

function TableOf({ node, image }: { node: Extract<RootContent, { type: 'table' }>; image: ImageAddress }) {
  const [head, ...rows] = node.children.map(({ children }) => children.map((cell) => drawAll(cell.children, image)));
  return (
    // Reached by Tab, so that a wide table can be scrolled without a pointer.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.wide} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head?.map((cell, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- as above
              <th key={index}>{cell}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            // oxlint-disable-next-line react/no-array-index-key -- as above
            <tr key={row}>
              {cells.map((cell, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- as above
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Image({ url, alt, image }: { url: string; alt: string; image: ImageAddress }) {
  const address = image(url);
  if (address === null || !/^\/(?![/\\])/u.test(address)) {
    return (
      <span className={styles.noImage}>
        <Icon name="document" /> {alt} <code>{url}</code>
      </span>
    );
  }
  return <img src={address} alt={alt} loading="lazy" />;
}

function SafeLink({ url, children }: { url: string; children: ReactNode }) {
  const address = toSafeLink(url);
  if (address === null) return <span>{children}</span>;
  return (
    <a href={address} rel="noreferrer noopener" target="_blank">
      {children}
    </a>
  );
}
