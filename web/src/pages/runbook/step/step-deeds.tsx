import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Run, Step } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import type { ButtonLook } from '../../../kit/button.tsx';
import type { IconName } from '../../../kit/icon.tsx';
import { useMissingText } from '../deeds/use-missing-text.ts';
import { missingForStep } from '../what-i-can.ts';
import { ConfirmStep } from './confirm-step.tsx';
import { StepDeedDialog } from './step-deed-dialog.tsx';
import type { StepDeedKind } from './step-deed-dialog.tsx';
import { StepWaits } from './step-waits.tsx';
import styles from './step-panel.module.css';

const icons: { [Kind in StepDeedKind]: IconName } = {
  decline: 'crossCircle',
  skip: 'skipped',
  retry: 'refresh',
  permit_late: 'go',
  settle: 'unknown',
};

/** What a step waits for, and everything that can be done about it in its state: as buttons for who can, in words for others. */
export function StepDeeds({ run, step, me }: { run: Run; step: Step; me: string | null }) {
  const t = useTranslations('runbook.deed');
  const [open, setOpen] = useState<StepDeedKind | null>(null);
  const missingText = useMissingText();
  const kinds = deedsOf(run, step);
  const waitsForMe = step.run?.wait?.for === 'confirmation' && me !== null && step.people.includes(me);
  const offered = kinds.map((deed) => ({ deed, missing: missingForStep(run, me, { deed, people: step.people }) }));
  const can = offered.filter(({ missing }) => missing === null);
  const cannot = offered.filter(({ missing }) => missing !== null);
  const waits = run.blockers.filter((blocker) => blocker.step === step.id);
  if (kinds.length === 0 && waits.length === 0) return null;
  return (
    <div className={styles.deeds} data-mine={waitsForMe || undefined}>
      <StepWaits run={run} waits={waits} />
      {step.run?.wait?.for === 'confirmation' ? <ConfirmStep run={run} step={step} me={me} /> : null}
      {can.length === 0 ? null : (
        <div className={styles.buttons}>
          {can.map(({ deed }) => (
            <Button key={deed} icon={icons[deed]} look={lookOf(deed)} onPress={() => setOpen(deed)}>
              {t(`step.${deed}.verb`)}
            </Button>
          ))}
        </div>
      )}
      {cannot.map(({ deed, missing }) => (
        <p key={deed} className={styles.why}>
          {t(`step.${deed}.verb`)}: {missingText(missing)}
        </p>
      ))}
      {open === null ? null : <StepDeedDialog run={run} step={step} deed={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function lookOf(deed: StepDeedKind): ButtonLook {
  return deed === 'settle' || deed === 'permit_late' ? 'primary' : 'plain';
}

/** The deeds that a step in this state hears, beside confirming it. */
function deedsOf(run: Run, { run: own, part }: Step): StepDeedKind[] {
  if (own === null || run.endedAtMs !== null || run.startedAtMs === null) return [];
  if (run.state === 'stopping' || (run.state === 'undoing' && part === 'forward')) return [];
  switch (own.state) {
    case 'unknown':
      return ['settle', 'retry'];
    case 'failed':
    case 'timed_out':
      return ['retry', 'skip'];
    case 'waiting_human':
      return own.wait?.for === 'late-start' ? ['permit_late', 'skip'] : ['decline', 'skip'];
    case 'pending':
    case 'ready':
    case 'waiting':
      return ['skip'];
    default:
      return [];
  }
}
