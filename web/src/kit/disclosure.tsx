import { useState } from 'react';
import type { ReactNode } from 'react';

import styles from './disclosure.module.css';
import { Icon } from './icon.tsx';

/** A line that opens what stands behind it. What is closed is not in the page at all, so that long lists stay fast. */
export function Disclosure({
  title,
  aside,
  isOpenAtFirst = false,
  children,
}: {
  title: ReactNode;
  aside?: ReactNode;
  isOpenAtFirst?: boolean;
  children: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  return (
    <div className={styles.disclosure}>
      <div className={styles.line}>
        <button type="button" className={styles.button} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} />
          <span className={styles.title}>{title}</span>
        </button>
        {aside === undefined ? null : <span className={styles.aside}>{aside}</span>}
      </div>
      {isOpen ? <div className={styles.body}>{children}</div> : null}
    </div>
  );
}
