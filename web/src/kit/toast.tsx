import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl/react';

import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import styles from './toast.module.css';

interface Toast {
  id: number;
  tone: 'pass' | 'fail' | 'waiting';
  text: string;
}

const icons = { pass: 'checkCircle', fail: 'crossCircle', waiting: 'info' } as const;
const shownMs = 8000;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

function setToasts(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says in a corner that something was done. What went wrong stays until it is closed: nobody may miss it. */
export function showToast(tone: Toast['tone'], text: string): void {
  lastId += 1;
  const id = lastId;
  setToasts([...toasts.slice(-3), { id, tone, text }]);
  if (tone !== 'fail') setTimeout(() => closeToast(id), shownMs);
}

function closeToast(id: number): void {
  setToasts(toasts.filter((toast) => toast.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The corner in which toasts appear; the shell has the one that there is. */
export function Toasts() {
  const t = useTranslations('kit');
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className={styles.corner} role="region" aria-live="polite" aria-label={t('notices')}>
      {shown.map(({ id, tone, text }) => (
        <div key={id} className={styles.toast} data-tone={tone}>
          <Icon name={icons[tone]} className={styles.icon} />
          <span>{text}</span>
          <IconButton icon="close" label={t('close')} onPress={() => closeToast(id)} />
        </div>
      ))}
    </div>
  );
}
