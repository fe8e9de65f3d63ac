import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { Account } from './account.tsx';
import { ConnectionMark } from './connection-mark.tsx';
import { openOverlay } from './overlays.tsx';
import styles from './shell.module.css';
import { ThemeMenu } from './theme-menu.tsx';

/** The line at the top: where home is, whether the page is live, commands, keys, theme. */
export function Header() {
  const t = useTranslations('shell');
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.brand ?? ''}>
        T<span className={styles.minus}>&minus;</span>minus
      </Link>
      <div className={styles.tools}>
        <ConnectionMark />
        <button
          type="button"
          className={styles.command}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => openOverlay('palette')}
        >
          <Icon name="search" />
          <span>{t('commands.open')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <span className={styles.help}>
          <IconButton icon="help" label={t('keys.title')} onPress={() => openOverlay('keys')} />
        </span>
        <ThemeMenu />
        <Account />
      </div>
    </header>
  );
}
