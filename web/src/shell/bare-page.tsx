import { useEffect } from 'react';
import type { ReactNode } from 'react';

import { Icon } from '../kit/icon.tsx';
import { joinClasses } from '../kit/join-classes.ts';
import styles from './bare-page.module.css';

/** A page for people who are not signed in: a title, one thing to do, and a line below. */
export function BarePage({
  title,
  lead,
  foot,
  isWide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  foot?: ReactNode;
  isWide?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} \u00b7 Tminus`;
  }, [title]);
  return (
    <div className={joinClasses(styles.card, isWide && styles.wide)}>
      <header>
        <div className={styles.brand}>
          T<span>&minus;</span>minus
        </div>
        <h1 className={styles.title}>{title}</h1>
        {lead === undefined ? null : <div className={styles.lead}>{lead}</div>}
      </header>
      <div className={styles.body}>{children}</div>
      {foot === undefined ? null : <footer className={styles.foot}>{foot}</footer>}
    </div>
  );
}

/** What did not work, beside an icon, told to screen readers at once. */
export function BareAlert({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className={styles.alert}>
      <Icon name="crossCircle" />
      <span>{children}</span>
    </p>
  );
}

export { styles as bareStyles };
