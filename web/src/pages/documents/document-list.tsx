import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { ListDocumentsAnswer } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import styles from './documents.module.css';
import { FindingCounts } from './finding-counts.tsx';

/** The documents of a launch, each with its findings. */
export function DocumentList({ launch, items }: { launch: string; items: ListDocumentsAnswer['items'] }) {
  const t = useTranslations('documents');
  if (items.length === 0) return <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>;
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <li key={item.path}>
          <Link
            to="/launches/$launch/documents/$"
            params={{ launch, _splat: item.path }}
            className={styles.entry ?? ''}
          >
            <span className={styles.name}>{item.title ?? item.path}</span>
            <span className={styles.path}>{item.path}</span>
            <FindingCounts of={item} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
