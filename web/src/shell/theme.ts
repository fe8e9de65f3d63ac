import { useState } from 'react';

/** What the UI looks like; `system` follows the machine. */
export type Theme = 'system' | 'dark' | 'light' | 'contrast';

const key = 'tminus.theme';
const themes: readonly Theme[] = ['system', 'dark', 'light', 'contrast'];

/** The theme that this browser was set to. */
export function readTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((theme) => theme === stored) ?? 'system';
}

/** Draws the page in a theme. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** The theme, and a way to set it for this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(readTheme);
  const set = (next: Theme): void => {
    localStorage.setItem(key, next);
    applyTheme(next);
    setTheme(next);
  };
  return [theme, set];
}
