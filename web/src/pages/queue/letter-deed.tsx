import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { archiveDeadLetters, requeueDeadLetters } from '../../api/client.generated.ts';
import type { DeadLetter } from '../../api/client.generated.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { showToast } from '../../kit/toast.tsx';
import styles from './queue.module.css';
import { useRerunText, useWorkText } from './work-text.tsx';

/** What can be done with a dead letter. */
export type LetterAct = 'requeue' | 'archive';

/** Shows what will run again, or never, and asks why. What was shown is what is named to the server: if one of them is gone, nothing is done. */
export function LetterDeed({
  act,
  letters,
  onClose,
}: {
  act: LetterAct;
  letters: readonly DeadLetter[];
  onClose: () => void;
}) {
  const t = useTranslations('queue');
  const queryClient = useQueryClient();
  const ids = letters.map(({ id }) => id);
  const count = letters.length;
  const carryOut = async (reason: string): Promise<void> => {
    const body = { letters: ids, reason };
    if (act === 'requeue') showToast('pass', t('requeued', { count: (await requeueDeadLetters({ body })).requeued }));
    else showToast('pass', t('archived', { count: (await archiveDeadLetters({ body })).archived }));
    await Promise.all([['dead-letters'], ['queues']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
  return (
    <ConfirmDialog
      title={t(`${act}Title`, { count })}
      verb={t(act)}
      isDangerous={act === 'archive'}
      reasonLabel={t('why')}
      isOpen
      onClose={onClose}
      onConfirm={carryOut}
    >
      <p>{t(`${act}Why`)}</p>
      <ul className={styles.works}>
        {letters.map((letter) => (
          <Work key={letter.id} letter={letter} act={act} />
        ))}
      </ul>
    </ConfirmDialog>
  );
}

function Work({ letter: { work, reason }, act }: { letter: DeadLetter; act: LetterAct }) {
  const textOf = useWorkText();
  const rerunOf = useRerunText();
  const rerun = act === 'requeue' ? rerunOf(work) : null;
  const where = work.place === null ? '' : `${work.place.launch}, ${work.place.environment}, ${work.run ?? ''}`;
  return (
    <li>
      <strong>{textOf(work)}</strong>
      {where === '' ? null : <div className={styles.muted}>{where}</div>}
      {rerun === null ? null : <div>{rerun}</div>}
      <div className={styles.muted}>{reason}</div>
    </li>
  );
}
