import { useTranslations } from 'use-intl/react';

import type { DecisionNode } from '../../api/client.generated.ts';
import type { GateScene } from '../../decide/action-list.tsx';
import { Standing } from '../../decide/outcome.tsx';
import { Tree } from '../../kit/tree.tsx';
import type { TreeNode } from '../../kit/tree.tsx';
import styles from './gate.module.css';
import { ReasonDetail } from './reason-detail.tsx';

/** Every reason of the decision, down to what each check expected and the digests of the bytes. What blocks is open. */
export function ReasonTree({ scene, opened }: { scene: GateScene; opened: string | null }) {
  const t = useTranslations('gate.tree');
  const toBranch = (node: DecisionNode): TreeNode => {
    const isSought = opened !== null && hasNode(node, opened);
    const children = node.children.map(toBranch);
    const isGroup = node.children.some(({ kind }) => kind !== 'expectation');
    return {
      id: node.id,
      title: (
        <span className={styles.reason}>
          <Standing node={node} />
          <span className={styles.name}>{node.title}</span>
          {node.kind === 'expectation' || isGroup ? null : <span className={styles.got}>{node.got}</span>}
          {node.kind === 'expectation' ? <span className={styles.got}>{node.got}</span> : null}
        </span>
      ),
      ...(node.kind === 'expectation' || isGroup ? {} : { detail: <ReasonDetail scene={scene} node={node} /> }),
      ...(children.length === 0 ? {} : { children }),
      isOpen: isSought || (isGroup && isBlocking(node)),
    };
  };
  return <Tree label={t('title')} nodes={scene.page.tree.children.map(toBranch)} />;
}

function isBlocking({ outcome, standing }: DecisionNode): boolean {
  return outcome !== 'pass' && standing !== 'waived' && standing !== 'condition';
}

function hasNode(node: DecisionNode, id: string): boolean {
  return node.id.split('/')[0] === id || node.children.some((child) => hasNode(child, id));
}
