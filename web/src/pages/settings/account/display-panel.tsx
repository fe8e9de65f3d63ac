import { useTranslations } from 'use-intl/react';

import { KeyValues } from '../../../kit/key-values.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Select } from '../../../kit/select.tsx';
import { useTheme } from '../../../shell/theme.ts';
import type { Theme } from '../../../shell/theme.ts';

const themes: readonly Theme[] = ['system', 'dark', 'light', 'contrast'];

/** What only this browser knows: its theme and its time zone. */
export function DisplayPanel() {
  const t = useTranslations('settings.display');
  const themeOf = useTranslations('shell.theme');
  const [theme, setTheme] = useTheme();
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const picker = (
    <Select
      label={t('theme')}
      isLabelHidden
      value={theme}
      onChange={setTheme}
      options={themes.map((id) => ({ id, name: themeOf(id) }))}
    />
  );
  const times = zone === 'UTC' ? t('timesUtc') : t('timesAre', { zone });
  return (
    <Panel title={t('title')}>
      <KeyValues
        items={[
          { name: t('theme'), value: picker },
          { name: t('times'), value: times },
        ]}
      />
    </Panel>
  );
}
