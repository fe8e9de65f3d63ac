import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox';
import type { CheckboxProps } from 'react-aria-components/Checkbox';

import styles from './field.module.css';
import { Icon } from './icon.tsx';

/** A box to tick, with the words that it agrees to. */
export function Checkbox({
  children,
  ...rest
}: Omit<CheckboxProps, 'className' | 'style' | 'children'> & { children: ReactNode }) {
  return (
    <AriaCheckbox {...rest} className={styles.checkbox ?? ''}>
      {({ isSelected }) => (
        <>
          <span className={styles.box}>{isSelected ? <Icon name="check" /> : null}</span>
          <span>{children}</span>
        </>
      )}
    </AriaCheckbox>
  );
}
