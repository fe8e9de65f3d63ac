import type { ReactNode } from 'react';

import { joinClasses } from './join-classes.ts';
import styles from './split-view.module.css';

/** A list and what is chosen in it, side by side; where there is no room for both, what is chosen covers the list. */
export function SplitView({
  list,
  detail,
  isDetailOpen,
}: {
  list: ReactNode;
  detail: ReactNode;
  isDetailOpen: boolean;
}) {
  return (
    <div className={joinClasses(styles.split, isDetailOpen && styles.open)}>
      <div className={styles.list}>{list}</div>
      {isDetailOpen ? <div className={styles.detail}>{detail}</div> : null}
    </div>
  );
}
