import styles from './button.module.css';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { joinClasses } from './join-classes.ts';
import { NativeButton } from './native-button.tsx';
import type { PressProps } from './native-button.tsx';

/** A button that shows an icon alone; `label` is its name for screen readers and, on hover, for everybody. */
export function IconButton({
  icon,
  label,
  look = 'quiet',
  ...rest
}: Omit<PressProps, 'children'> & { icon: IconName; label: string; look?: 'plain' | 'quiet' }) {
  return (
    <NativeButton
      {...rest}
      aria-label={label}
      title={label}
      className={joinClasses(styles.button, styles[look], styles.icon)}
    >
      <Icon name={icon} />
    </NativeButton>
  );
}
