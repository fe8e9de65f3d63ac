import { useEffect } from 'react';
import type { ReactNode } from 'react';

import { ErrorBoundary } from './error-boundary.tsx';
import styles from './page.module.css';

/** A page: its title (also of the browser's tab), what can be done with it, what everybody must know first, and its panels. */
export function Page({
  title,
  lead,
  actions,
  banner,
  children,
}: {
  title: string;
  /** One line below the title: what this is, in which state. */
  lead?: ReactNode;
  actions?: ReactNode;
  banner?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} \u00b7 Tminus`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h1 className={styles.title}>{title}</h1>
          {lead === undefined ? null : <div className={styles.lead}>{lead}</div>}
        </div>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </header>
      {banner}
      <ErrorBoundary name={title}>{children}</ErrorBoundary>
    </div>
  );
}

/** Panels beside each other where there is room, below each other where there is not. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={styles.columns}>{children}</div>;
}

/** Things below each other, at the distance of panels. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className={styles.stack}>{children}</div>;
}

/** Small things beside each other: buttons, badges, a search and a filter. */
export function Row({ children }: { children: ReactNode }) {
  return <div className={styles.row}>{children}</div>;
}
