import { useId } from 'react';
import type { ReactNode } from 'react';

import { ErrorBoundary } from './error-boundary.tsx';
import { joinClasses } from './join-classes.ts';
import styles from './panel.module.css';

/** A titled part of a page. What breaks inside is shown inside (T16): the rest of the page stays usable. */
export function Panel({
  title,
  aside,
  actions,
  children,
  flush = false,
}: {
  title: string;
  /** A word or a count beside the title. */
  aside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** For tables and code, which reach to the edge. */
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id}>{title}</h2>
        {aside === undefined ? null : <span className={styles.aside}>{aside}</span>}
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={joinClasses(styles.body, flush && styles.flush)}>
        <ErrorBoundary name={title}>{children}</ErrorBoundary>
      </div>
    </section>
  );
}
