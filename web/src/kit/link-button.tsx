import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode } from 'react';

import styles from './button.module.css';
import type { ButtonLook } from './button.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { joinClasses } from './join-classes.ts';

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  children?: ReactNode;
  look?: ButtonLook;
  icon?: IconName;
}

function Anchor({ children, look = 'plain', icon, ...rest }: Props) {
  return (
    <a {...rest} className={joinClasses(styles.button, styles[look])}>
      {icon ? <Icon name={icon} /> : null}
      <span>{children}</span>
    </a>
  );
}

/** A link to another page that looks like a button: it takes `to` and `params` as `Link` does. Whatever changes something is a `Button`. */
export const LinkButton = createLink(Anchor);
