import type { ReactNode } from 'react';

import styles from './banner.module.css';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { joinClasses } from './join-classes.ts';

/** What everybody on the page has to know before anything else: held, stale, exception in force. */
export function Banner({
  tone,
  icon,
  title,
  children,
  actions,
}: {
  tone: 'held' | 'fail' | 'unknown' | 'waiting';
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={joinClasses(styles.banner, styles[tone])} role={tone === 'fail' ? 'alert' : 'status'}>
      <Icon name={icon} className={styles.icon} />
      <div className={styles.words}>
        <strong>{title}</strong>
        {children === undefined ? null : <div>{children}</div>}
      </div>
      {actions === undefined || actions === null ? null : <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
