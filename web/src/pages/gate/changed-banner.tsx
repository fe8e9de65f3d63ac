import { useTranslations } from 'use-intl/react';

import type { GatePage } from '../../api/client.generated.ts';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import styles from './gate.module.css';
import { listChanges } from './list-changes.ts';

/** Says what is another than the person has read, each by name, and asks them to read it. */
export function ChangedBanner({ before, after, onRead }: { before: GatePage; after: GatePage; onRead: () => void }) {
  const t = useTranslations('gate.changed');
  const changes = listChanges(before.tree, after.tree);
  return (
    <Banner
      tone="held"
      icon="stale"
      title={t('title')}
      actions={
        <Button look="primary" onPress={onRead}>
          {t('read')}
        </Button>
      }
    >
      <p>{t('hint')}</p>
      {changes.length === 0 ? <p>{t('other')}</p> : null}
      <ul className={styles.changes}>
        {changes.map(({ id, title, was, is }) => (
          <li key={id}>
            {was === null
              ? t('came', { title, after: is ?? '' })
              : is === null
                ? t('went', { title })
                : t('became', { title, before: was, after: is })}
          </li>
        ))}
      </ul>
    </Banner>
  );
}
