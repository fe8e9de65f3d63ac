import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import { isProblem } from '../../../api/api-error.ts';
import type { Run } from '../../../api/client.generated.ts';
import { Banner } from '../../../kit/banner.tsx';
import { Button } from '../../../kit/button.tsx';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { runKey } from '../use-run.ts';
import { changesBetween } from './changes-between.ts';
import type { RunChange } from './changes-between.ts';
import styles from './deeds.module.css';

/** What a person is about to do to a run. */
export interface DeedWish {
  run: Run;
  title: string;
  verb: string;
  /** What was done, as it is told afterwards. */
  done: string;
  isDangerous?: boolean;
  /** What will happen, and what will not. */
  children: ReactNode;
  onClose: () => void;
  /** Does it, on the version that the person saw. */
  send: (said: { reason: string; expectedVersion: string }) => Promise<unknown>;
}

/**
 * Asks before a deed, with its effects and a reason. It is sent with the version of the run that the person has seen; where the run has moved on, the dialog says
 * what changed and offers to look again, and nothing was done.
 */
export function DeedDialog({ run, title, verb, done, isDangerous = false, children, onClose, send }: DeedWish) {
  const t = useTranslations('runbook.deed');
  const queryClient = useQueryClient();
  const [seen, setSeen] = useState(run);
  const [isConflict, setIsConflict] = useState(false);
  const confirm = async (reason: string): Promise<void> => {
    try {
      await send({ reason, expectedVersion: seen.version });
    } catch (error) {
      if (isProblem(error, 'version_conflict')) {
        setIsConflict(true);
        await queryClient.invalidateQueries({ queryKey: runKey(run.id) });
      }
      throw error;
    }
    await queryClient.invalidateQueries({ queryKey: runKey(run.id) });
    showToast('pass', done);
  };
  const lookAgain = (): void => {
    setSeen(run);
    setIsConflict(false);
  };
  return (
    <ConfirmDialog
      title={title}
      verb={verb}
      isDangerous={isDangerous}
      isOpen
      onClose={onClose}
      onConfirm={confirm}
      reasonLabel={t('reason')}
    >
      <div className={styles.dialog}>
        {isConflict ? <Conflict changes={changesBetween(seen, run)} onLookAgain={lookAgain} /> : null}
        {children}
      </div>
    </ConfirmDialog>
  );
}

function Conflict({ changes, onLookAgain }: { changes: readonly RunChange[]; onLookAgain: () => void }) {
  const t = useTranslations('runbook');
  const nameOf = (kind: RunChange['kind'], state: string): string => {
    if (kind === 'state') return t(`runState.${state as Run['state']}`);
    if (kind === 'step') return t(`stepState.${state as 'done'}`);
    return kind === 'return' ? t(`console.return.${state as 'ahead'}`) : state;
  };
  return (
    <Banner
      tone="unknown"
      icon="refresh"
      title={t('deed.moved')}
      actions={<Button onPress={onLookAgain}>{t('deed.lookAgain')}</Button>}
    >
      {changes.length === 0 ? (
        t('deed.movedQuietly')
      ) : (
        <ul className={styles.changes}>
          {changes.slice(0, 8).map(({ kind, of, from, to }) => (
            <li key={`${kind} ${of}`}>
              {t(`deed.change.${kind}`, { of, from: nameOf(kind, from), to: nameOf(kind, to) })}
            </li>
          ))}
        </ul>
      )}
    </Banner>
  );
}
