import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { beginStepLate, declineStep, retryStep, settleStep, skipStep } from '../../../api/client.generated.ts';
import type { Run, Step } from '../../../api/client.generated.ts';
import { Select } from '../../../kit/select.tsx';
import { DeedDialog } from '../deeds/deed-dialog.tsx';
import styles from '../deeds/deeds.module.css';

/** What people do to one step, beside confirming it. */
export type StepDeedKind = 'decline' | 'skip' | 'retry' | 'permit_late' | 'settle';

type Outcome = 'done' | 'failed';

/** Asks before a deed on a step, and says what follows from it. */
export function StepDeedDialog({
  run,
  step,
  deed,
  onClose,
}: {
  run: Run;
  step: Step;
  deed: StepDeedKind;
  onClose: () => void;
}) {
  const t = useTranslations('runbook.deed');
  const [outcome, setOutcome] = useState<Outcome>('failed');
  const followers = run.steps.filter(({ needs }) => needs.includes(step.id));
  return (
    <DeedDialog
      run={run}
      title={`${t(`step.${deed}.verb`)}: ${step.title}`}
      verb={t(`step.${deed}.verb`)}
      done={t(`step.${deed}.done`)}
      isDangerous={deed === 'skip' || deed === 'decline'}
      onClose={onClose}
      send={(said) => send({ run: run.id, step: step.id, deed, outcome }, said)}
    >
      <p>{t(`step.${deed}.effect`, { what: t(`step.bad.${step.onFail}`) })}</p>
      {deed === 'settle' ? (
        <Select
          label={t('step.settle.question')}
          value={outcome}
          onChange={setOutcome}
          options={[
            { id: 'done', name: t('step.settle.took') },
            { id: 'failed', name: t('step.settle.not') },
          ]}
        />
      ) : null}
      {deed === 'skip' && followers.length > 0 ? (
        <p className={styles.muted}>
          {t('step.skip.followers', { steps: followers.map(({ title }) => title).join(', ') })}
        </p>
      ) : null}
    </DeedDialog>
  );
}

function send(
  { run, step, deed, outcome }: { run: string; step: string; deed: StepDeedKind; outcome: Outcome },
  said: { reason: string; expectedVersion: string },
): Promise<unknown> {
  const body = { ...said, step, role: null };
  switch (deed) {
    case 'decline':
      return declineStep({ run, body });
    case 'skip':
      return skipStep({ run, body });
    case 'retry':
      return retryStep({ run, body });
    case 'permit_late':
      return beginStepLate({ run, body });
    case 'settle':
      return settleStep({ run, body: { ...body, outcome } });
  }
}
