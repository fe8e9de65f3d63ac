import type { DOMAttributes, ReactElement } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Pressable } from 'react-aria-components/Pressable';

import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { joinClasses } from './join-classes.ts';
import styles from './menu.module.css';

/** One thing that a menu offers. Where it cannot be done now, `blocked` says why, and it stays readable. */
export interface MenuAction {
  id: string;
  name: string;
  icon?: IconName;
  isDangerous?: boolean;
  blocked?: string;
  onAction: () => void;
}

/** A button of the kit (`children`) that opens a list of actions. */
export function Menu({
  children,
  label,
  actions,
}: {
  children: ReactElement<DOMAttributes<HTMLButtonElement>, string>;
  label: string;
  actions: readonly MenuAction[];
}) {
  return (
    <MenuTrigger>
      <Pressable>{children}</Pressable>
      <Popover className={styles.popover ?? ''}>
        <AriaMenu aria-label={label} className={styles.menu ?? ''}>
          {actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.name}
              isDisabled={action.blocked !== undefined}
              onAction={action.onAction}
              className={joinClasses(styles.item, action.isDangerous && styles.danger)}
            >
              <span className={styles.mark}>{action.icon ? <Icon name={action.icon} /> : null}</span>
              <span>
                {action.name}
                {action.blocked === undefined ? null : <span className={styles.why}>{action.blocked}</span>}
              </span>
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
