import { useTranslations } from 'use-intl/react';

import { startRun } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { DeedDialog } from './deed-dialog.tsx';

/** Hands an approved run to the workers. */
export function StartDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.deed');
  const machine = run.steps.filter(({ human, part }) => !human && part === 'forward').length;
  return (
    <DeedDialog
      run={run}
      title={t('start.title')}
      verb={t('start.verb')}
      done={t('start.done')}
      onClose={onClose}
      send={(said) => startRun({ run: run.id, body: { ...said, role: null } })}
    >
      <p>{t('start.effect', { environment: run.environment, machine })}</p>
    </DeedDialog>
  );
}
