import styles from './icon.module.css';
import { iconPaths } from './icon-paths.ts';
import { joinClasses } from './join-classes.ts';

/** Names of the icons that there are. */
export type IconName = keyof typeof iconPaths;

/** An icon of 16 px in the colour of the text around it. It says nothing to a screen reader: the word beside it does. */
export function Icon({ name, className }: { name: IconName; className?: string | undefined }) {
  return (
    <svg className={joinClasses(styles.icon, className)} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={iconPaths[name]} />
    </svg>
  );
}
