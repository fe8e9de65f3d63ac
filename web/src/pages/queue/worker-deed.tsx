import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { wishOfWorker } from '../../api/client.generated.ts';
import type { Worker } from '../../api/client.generated.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { TextField } from '../../kit/text-field.tsx';
import { showToast } from '../../kit/toast.tsx';

/** What can be wanted of a worker. */
export type WorkerAct = 'drain' | 'resume' | 'scale';

const most = 64;

/** Asks before something is wanted of a worker, and names the wish that was seen. */
export function WorkerDeed({ act, worker, onClose }: { act: WorkerAct; worker: Worker; onClose: () => void }) {
  const t = useTranslations('queue');
  const queryClient = useQueryClient();
  const [text, setText] = useState(String(Math.max(1, worker.slots)));
  const slots = Number(text);
  const isWhole = /^\d+$/u.test(text) && slots >= 1 && slots <= most;
  const carryOut = async (reason: string): Promise<void> => {
    if (act === 'scale' && !isWhole) throw new Error(t('scaleFault'));
    const wanted = { slots: act === 'scale' ? slots : null, drain: act === 'drain' };
    await wishOfWorker({ worker: worker.id, body: { ...wanted, reason, expectedVersion: worker.wishVersion } });
    showToast('pass', t('wished'));
    await queryClient.invalidateQueries({ queryKey: ['workers'] });
  };
  return (
    <ConfirmDialog
      title={t(`${act}Title`, { worker: worker.id })}
      verb={act === 'scale' ? t('scaleVerb') : t(act)}
      reasonLabel={t('why')}
      isOpen
      onClose={onClose}
      onConfirm={carryOut}
    >
      <p>{t(`${act}Why`)}</p>
      {act === 'scale' ? (
        <TextField
          label={t('scaleLabel')}
          value={text}
          onChange={setText}
          inputMode="numeric"
          error={isWhole ? null : t('scaleFault')}
        />
      ) : null}
    </ConfirmDialog>
  );
}
