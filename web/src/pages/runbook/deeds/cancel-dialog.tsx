import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { cancelRun } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { DeedDialog } from './deed-dialog.tsx';
import { WayBackPlan } from './way-back-plan.tsx';

/** Calls a run off; what was done stays, unless it is to be taken back. */
export function CancelDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.deed');
  const [takeBack, setTakeBack] = useState(false);
  const hasBegun = run.startedAtMs !== null;
  return (
    <DeedDialog
      run={run}
      title={t('cancel.title')}
      verb={t('cancel.verb')}
      done={t('cancel.done')}
      isDangerous
      onClose={onClose}
      send={(said) => cancelRun({ run: run.id, body: { ...said, role: null, takeBack } })}
    >
      <p>{t('cancel.effect', { running: run.progress.running, open: run.progress.pending + run.progress.waiting })}</p>
      <p>{t(takeBack ? 'cancel.takesBack' : 'cancel.stays', { done: run.progress.completed })}</p>
      {hasBegun ? (
        <Checkbox isSelected={takeBack} onChange={setTakeBack}>
          {t('cancel.takeBack')}
        </Checkbox>
      ) : null}
      {takeBack ? <WayBackPlan run={run} /> : null}
    </DeedDialog>
  );
}
