import type { ReactNode } from 'react';

import styles from './states.module.css';

/** Says that there is nothing, and what would put something here. Only for what was asked and answered: see `Unavailable`. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.state}>
      <p>
        <strong>{title}</strong>
      </p>
      {children === undefined ? null : <div className={styles.muted}>{children}</div>}
    </div>
  );
}
