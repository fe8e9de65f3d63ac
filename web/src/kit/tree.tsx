import type { ReactNode } from 'react';

import { Disclosure } from './disclosure.tsx';
import styles from './tree.module.css';

/** One branch of a tree: what it says, what stands beside it, and what it rests on. */
export interface TreeNode {
  id: string;
  title: ReactNode;
  aside?: ReactNode;
  /** Words below the title, shown when the branch is open. */
  detail?: ReactNode;
  children?: readonly TreeNode[];
  /** Opened at first: what blocks, so that the reason is seen without a press. */
  isOpen?: boolean;
}

/** Reasons that rest on reasons, such as a decision: nested lists, each branch opened by itself. */
export function Tree({ label, nodes }: { label: string; nodes: readonly TreeNode[] }) {
  return (
    <ul className={styles.tree} aria-label={label}>
      {nodes.map((node) => (
        <Branch key={node.id} node={node} label={label} />
      ))}
    </ul>
  );
}

function Branch({ node, label }: { node: TreeNode; label: string }) {
  const { title, aside, detail, children = [], isOpen = false } = node;
  const isLeaf = detail === undefined && children.length === 0;
  if (isLeaf) {
    return (
      <li className={styles.leaf}>
        <span className={styles.title}>{title}</span>
        {aside === undefined ? null : <span className={styles.aside}>{aside}</span>}
      </li>
    );
  }
  return (
    <li>
      <Disclosure title={title} aside={aside} isOpenAtFirst={isOpen}>
        {detail === undefined ? null : <div className={styles.detail}>{detail}</div>}
        {children.length === 0 ? null : <Tree label={label} nodes={children} />}
      </Disclosure>
    </li>
  );
}
