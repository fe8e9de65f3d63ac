import { useTranslations } from 'use-intl/react';

import { Dialog } from '../kit/dialog.tsx';
import { KeyValues } from '../kit/key-values.tsx';

const keys = [
  ['palette', 'Ctrl K / \u2318 K'],
  ['help', '?'],
  ['arrows', '\u2190 \u2191 \u2192 \u2193'],
  ['enter', 'Enter'],
  ['escape', 'Esc'],
] as const;

/** The keys that work everywhere. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shell.keys');
  return (
    <Dialog title={t('title')} isOpen onClose={onClose}>
      <KeyValues items={keys.map(([name, key]) => ({ name: t(name), value: <kbd>{key}</kbd> }))} />
    </Dialog>
  );
}
