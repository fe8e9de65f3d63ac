import { useTranslations } from 'use-intl/react';

import { undoRun } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { DeedDialog } from './deed-dialog.tsx';
import { WayBackPlan } from './way-back-plan.tsx';

/** Takes back what a run has done, step by step, newest first: all of it is shown before the button. */
export function UndoDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.deed');
  return (
    <DeedDialog
      run={run}
      title={t('undo.title')}
      verb={t('undo.verb')}
      done={t('undo.done')}
      isDangerous
      onClose={onClose}
      send={(said) => undoRun({ run: run.id, body: { ...said, role: null } })}
    >
      <p>{t('undo.effect')}</p>
      <WayBackPlan run={run} />
    </DeedDialog>
  );
}
