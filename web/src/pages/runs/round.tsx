import { Link } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { stopRehearsal } from '../../api/client.generated.ts';
import type { RehearsalRound } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Since } from '../../kit/duration.tsx';
import { Progress } from '../../kit/progress.tsx';
import { Status } from '../../kit/status.tsx';
import { showToast } from '../../kit/toast.tsx';
import { runLooks } from '../runbook/run-look.ts';
import styles from './runs.module.css';

/** A rehearsal under way: how far each pass is. One that could not be carried out says why. */
export function Round({ launch, round }: { launch: string; round: RehearsalRound }) {
  const t = useTranslations('runs.rehearsal');
  const tRuns = useTranslations('runs');
  const { environment, startedBy, startedAtMs, endedAtMs, passes, planned, trouble } = round;
  return (
    <div className={styles.round}>
      <div className={styles.head}>
        {endedAtMs === null ? (
          <>
            <Status of="running">{t('underWay', { environment, person: startedBy })}</Status>
            <span className={styles.muted}>
              {t('since')} <Since at={startedAtMs} />, {t('passes', { done: Math.max(0, passes.length - 1), planned })}
            </span>
            <Stop launch={launch} environment={environment} />
          </>
        ) : (
          <Status of="error">{t('trouble')}</Status>
        )}
      </div>
      {trouble === null ? null : <p className={styles.trouble}>{trouble}</p>}
      {endedAtMs !== null ? null : (
        <ol className={styles.passes}>
          {passes.map(({ id, title, run, state, endedAtMs: passEndedAtMs, steps, done }) => (
            <li key={id}>
              <span>
                {run === null ? (
                  title
                ) : (
                  <Link to="/launches/$launch/runs/$run" params={{ launch, run }}>
                    {title}
                  </Link>
                )}
              </span>
              {state === null || passEndedAtMs === null ? (
                <Progress label={title} done={done} total={steps} />
              ) : (
                <Status of={runLooks[state]}>{tRuns(`runState.${state}`)}</Status>
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Stop({ launch, environment }: { launch: string; environment: string }) {
  const t = useTranslations('runs.rehearsal');
  const queryClient = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button look="quiet" icon="close" onPress={() => setIsOpen(true)}>
        {t('stop')}
      </Button>
      <ConfirmDialog
        title={t('stopTitle')}
        verb={t('stop')}
        isDangerous
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        onConfirm={async () => {
          await stopRehearsal({ launch, environment });
          await queryClient.invalidateQueries({ queryKey: ['launches', launch, 'rehearsals'] });
          showToast('waiting', t('stopped'));
        }}
      >
        <p>{t('stopEffect')}</p>
      </ConfirmDialog>
    </>
  );
}
