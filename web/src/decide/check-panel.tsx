import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { beginChecks, stopChecks } from '../api/client.generated.ts';
import type { CheckRound, PlannedCheck } from '../api/client.generated.ts';
import { Answer } from '../kit/answer.tsx';
import { Button } from '../kit/button.tsx';
import { Since } from '../kit/duration.tsx';
import { Panel } from '../kit/panel.tsx';
import { Progress } from '../kit/progress.tsx';
import { Status } from '../kit/status.tsx';
import { Time } from '../kit/time.tsx';
import { showToast } from '../kit/toast.tsx';
import styles from './decide.module.css';
import { inEnvironment, launchKey, useChecks } from './use-gate.ts';
import type { LaunchPlace } from './use-gate.ts';

/** The newest round of checks, while it goes on and afterwards, with the buttons that begin and stop one. */
export function CheckPanel({ place, mayRun }: { place: LaunchPlace; mayRun: boolean }) {
  const t = useTranslations('decide.checks');
  const query = useChecks(place);
  const isUnderWay = query.data?.round?.endedAtMs === null;
  const due = query.data?.items.filter(({ state }) => state === 'due').length ?? 0;
  const deeds = mayRun ? <CheckButtons place={place} due={due} isUnderWay={isUnderWay} /> : null;
  return (
    <Panel title={t('title')} aside={query.data ? t('due', { count: due }) : undefined} actions={deeds}>
      <Answer query={query} rows={2}>
        {({ round, items }) => (round === null ? <p>{t('none')}</p> : <Round round={round} checks={items} />)}
      </Answer>
      {mayRun ? null : <p className={styles.muted}>{t('noRight')}</p>}
    </Panel>
  );
}

function CheckButtons({ place, due, isUnderWay }: { place: LaunchPlace; due: number; isUnderWay: boolean }) {
  const t = useTranslations('decide.checks');
  const client = useQueryClient();
  const [isPending, setIsPending] = useState(false);
  const at = { launch: place.launch, ...inEnvironment(place) };
  const attempt = async (deed: () => Promise<unknown>): Promise<void> => {
    setIsPending(true);
    try {
      await deed();
    } catch (error) {
      showToast('fail', error instanceof Error ? error.message : String(error));
    } finally {
      setIsPending(false);
      void client.invalidateQueries({ queryKey: launchKey(place, 'checks') });
    }
  };
  if (isUnderWay) {
    return (
      <Button isPending={isPending} onPress={() => void attempt(() => stopChecks(at))}>
        {t('stop')}
      </Button>
    );
  }
  const begin = (force: boolean) => beginChecks({ ...at, body: { only: null, force } });
  return (
    <Button icon="refresh" isPending={isPending} onPress={() => void attempt(() => begin(due === 0))}>
      {due === 0 ? t('again') : t('runDue', { count: due })}
    </Button>
  );
}

function Round({ round, checks }: { round: CheckRound; checks: readonly PlannedCheck[] }) {
  const t = useTranslations('decide.checks');
  const { startedBy, startedAtMs, endedAtMs, total, done, trouble } = round;
  const titles = new Map(checks.map(({ criterion, title }) => [criterion, title]));
  return (
    <div className={styles.round} aria-live="polite">
      <p className={styles.muted}>
        {endedAtMs === null ? t('underWay', { who: startedBy }) : t('ended', { who: startedBy })}{' '}
        {endedAtMs === null ? <Since at={startedAtMs} /> : <Time at={startedAtMs} short />}
      </p>
      <Progress label={t('progress')} done={done.length} total={total ?? done.length} />
      {trouble === null ? null : <p className={styles.trouble}>{t('trouble', { trouble })}</p>}
      <ul className={styles.done}>
        {done.toReversed().map(({ criterion, outcome, evidence }) => (
          <li key={evidence}>
            <Status of={outcome} /> <span>{titles.get(criterion) ?? criterion}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
