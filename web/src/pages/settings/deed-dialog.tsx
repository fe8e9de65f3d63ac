import { useState } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { useTry } from '../../kit/use-try.ts';
import { useStepUp } from '../../step-up/step-up-wish.ts';
import styles from './settings.module.css';

/** What somebody fills in before something is done. */
export interface DeedWish {
  title: string;
  /** The verb on the button. */
  verb: string;
  isReady?: boolean;
  isDangerous?: boolean;
  onClose: () => void;
  /** In the place of closing, once it is done: for what comes next in the same window. */
  onDone?: (() => void) | undefined;
  /** Does it; where the API wants a second factor first, it is asked for. The window stays until it is done. */
  deed: () => Promise<unknown>;
  /** In the place of what the API said, where the page knows plainer words. */
  explain?: (error: unknown) => string | null;
  children: ReactNode;
}

/** A window with a form whose deed may want a second factor. Show it while it is wanted: its contents begin anew each time. */
export function DeedDialog({ title, verb, isReady = true, isDangerous = false, ...wish }: DeedWish) {
  const t = useTranslations('settings');
  const withStepUp = useStepUp();
  const { error, isPending, attempt } = useTry();
  const [form] = useState(() => `deed-${crypto.randomUUID()}`);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    attempt(async () => {
      await withStepUp(wish.deed);
      (wish.onDone ?? wish.onClose)();
    });
  };
  const footer = (
    <>
      <Button onPress={wish.onClose} isDisabled={isPending}>
        {t('cancel')}
      </Button>
      <Button
        type="submit"
        form={form}
        look={isDangerous ? 'danger' : 'primary'}
        isPending={isPending}
        isDisabled={!isReady}
      >
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog title={title} isOpen onClose={wish.onClose} footer={footer}>
      <form id={form} onSubmit={submit} className={styles.form}>
        {wish.children}
        <Trouble error={error} words={error === null ? null : (wish.explain?.(error) ?? null)} />
      </form>
    </Dialog>
  );
}

/** What went wrong: in words of the page where there are some, else as the API told it. */
export function Trouble({ error, words }: { error: unknown; words: string | null }) {
  if (error === null) return null;
  if (words === null) return <ErrorState error={error} />;
  return (
    <p role="alert" className={styles.trouble}>
      {words}
    </p>
  );
}
