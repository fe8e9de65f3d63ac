import { useTranslations } from 'use-intl/react';

import styles from './data.module.css';
import { toMarked } from './to-marked.ts';
import type { MarkedText } from './to-marked.ts';

/** Two values beside each other with what differs marked; `names` say what they are. */
export function ValuePair({
  names,
  values: [one, other],
}: {
  names: readonly [string, string];
  values: readonly [string | null, string | null];
}) {
  const marked = one === null || other === null ? null : toMarked(one, other);
  return (
    <>
      <Value name={names[0]} value={one} marked={marked?.source ?? null} />
      <Value name={names[1]} value={other} marked={marked?.target ?? null} />
    </>
  );
}

function Value({ name, value, marked }: { name: string; value: string | null; marked: MarkedText | null }) {
  const t = useTranslations('data.differences');
  return (
    <span>
      <span className={styles.name}>{name}</span>{' '}
      {value === null ? (
        <span className={styles.muted}>{t('nothing')}</span>
      ) : (
        <span className={styles.value}>
          {marked === null ? value : marked.before}
          {marked === null || marked.differs === '' ? null : <mark>{marked.differs}</mark>}
          {marked?.after}
        </span>
      )}
    </span>
  );
}
