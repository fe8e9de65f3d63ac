import type { ReactNode } from 'react';

import styles from './button.module.css';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { joinClasses } from './join-classes.ts';
import { NativeButton } from './native-button.tsx';
import type { PressProps } from './native-button.tsx';

/** How much a button asks for: one `primary` at most on a page; `danger` for what cannot be taken back; `quiet` inside rows. */
export type ButtonLook = 'plain' | 'primary' | 'danger' | 'quiet';

/** What a button does, says and looks like. */
export interface ButtonProps extends PressProps {
  children: ReactNode;
  look?: ButtonLook;
  icon?: IconName;
}

/** A button. While `isPending` it cannot be pressed again, keeps its size, and says that it is at work. */
export function Button({ children, look = 'plain', icon, ...rest }: ButtonProps) {
  return (
    <NativeButton {...rest} className={joinClasses(styles.button, styles[look])}>
      {icon ? <Icon name={icon} /> : null}
      <span>{children}</span>
    </NativeButton>
  );
}
