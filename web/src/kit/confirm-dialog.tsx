import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorState } from './error-state.tsx';
import { TextArea } from './text-field.tsx';

/** What a person is asked before something happens. */
export interface ConfirmWish {
  title: string;
  /** What will happen, and what will not: the effects, in words or as a list. */
  children: ReactNode;
  /** The verb on the button: "Hold the run", never "OK". */
  verb: string;
  isDangerous?: boolean;
  /** Asks for a reason, under this label; it may not be empty. */
  reasonLabel?: string;
  isOpen: boolean;
  onClose: () => void;
  /** Does it. The dialog stays open until it is done, and shows what went wrong. */
  onConfirm: (reason: string) => Promise<unknown>;
}

/** Asks once more before something happens, and stays until it did. Its contents begin anew each time that it opens. */
export function ConfirmDialog(wish: ConfirmWish) {
  return wish.isOpen ? <OpenConfirm {...wish} /> : null;
}

function OpenConfirm({ title, children, verb, isDangerous = false, reasonLabel, onClose, onConfirm }: ConfirmWish) {
  const t = useTranslations('kit');
  const [reason, setReason] = useState('');
  const { isPending, error, run } = useAction(() => onConfirm(reason.trim()), onClose);
  const lacksReason = reasonLabel !== undefined && reason.trim() === '';
  const footer = (
    <>
      <Button onPress={onClose} isDisabled={isPending}>
        {t('cancel')}
      </Button>
      <Button look={isDangerous ? 'danger' : 'primary'} isPending={isPending} isDisabled={lacksReason} onPress={run}>
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog title={title} isOpen onClose={onClose} footer={footer}>
      <div>{children}</div>
      {reasonLabel === undefined ? null : (
        <TextArea label={reasonLabel} value={reason} onChange={setReason} isRequired rows={3} autoFocus />
      )}
      {error === null ? null : <ErrorState error={error} />}
    </Dialog>
  );
}

function useAction(action: () => Promise<unknown>, onDone: () => void) {
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = (): void => {
    setIsPending(true);
    setError(null);
    action().then(onDone, (reason: unknown) => {
      setError(reason ?? new Error('unknown'));
      setIsPending(false);
    });
  };
  return { isPending, error, run };
}
