import { useTranslations } from 'use-intl/react';

import styles from './shell.module.css';
import { useTheme } from './theme.ts';
import type { Theme } from './theme.ts';

/** Sets the theme of this browser. A plain select: it stands on every page, and must weigh nothing. */
export function ThemeMenu() {
  const t = useTranslations('shell.theme');
  const [theme, setTheme] = useTheme();
  return (
    <select
      className={styles.theme}
      aria-label={t('label')}
      value={theme}
      onChange={(event) => setTheme(event.target.value as Theme)}
    >
      <option value="system">{t('system')}</option>
      <option value="dark">{t('dark')}</option>
      <option value="light">{t('light')}</option>
      <option value="contrast">{t('contrast')}</option>
    </select>
  );
}
