import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { readUndoPlan } from '../../../api/client.generated.ts';
import type { ReadUndoPlanAnswer, Run } from '../../../api/client.generated.ts';
import { useLive } from '../../../api/live.tsx';
import { Answer } from '../../../kit/answer.tsx';
import { Banner } from '../../../kit/banner.tsx';
import { Duration } from '../../../kit/duration.tsx';
import { Badge } from '../../../kit/status.tsx';
import { runKey } from '../use-run.ts';
import styles from './deeds.module.css';

/** The way back from where the run stands: every step in its order, how long each took before, and what cannot be taken back. */
export function WayBackPlan({ run }: { run: Run }) {
  const queryKey = [...runKey(run.id), 'undo-plan'];
  useLive({ run: run.id, types: ['step', 'execution'] }, queryKey);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => readUndoPlan({ run: run.id }, { signal }) });
  return <Answer query={query}>{(plan) => <Steps run={run} plan={plan} />}</Answer>;
}

function Steps({ run, plan: { steps, cannot, variant, approvalLevel } }: { run: Run; plan: ReadUndoPlanAnswer }) {
  const t = useTranslations('runbook.back');
  return (
    <>
      {variant === 'partial-write' ? (
        <Banner tone="held" icon="warning" title={t('crossed')}>
          {t('crossedWhat')}
        </Banner>
      ) : null}
      {approvalLevel > 0 ? <p>{t('approval', { level: approvalLevel })}</p> : null}
      {steps.length === 0 ? <p>{t('nothing')}</p> : <StepList run={run} steps={steps} />}
      <Cannot run={run} cannot={cannot} />
    </>
  );
}

function StepList({ run, steps }: { run: Run; steps: ReadUndoPlanAnswer['steps'] }) {
  const t = useTranslations('runbook.back');
  const titles = new Map(run.steps.map(({ id, title }) => [id, title]));
  const lengths = new Map(run.steps.map(({ id, typicalMs }) => [id, typicalMs]));
  const measured = steps.flatMap(({ step }) => lengths.get(step) ?? []);
  const isKnown = measured.length === steps.length;
  return (
    <>
      <p>
        {t('steps', { count: steps.length })}{' '}
        {isKnown ? (
          <>
            {t('tookBefore')} <Duration ms={measured.reduce((sum, ms) => sum + ms, 0)} />
          </>
        ) : (
          t('neverMeasured')
        )}
      </p>
      <ol className={styles.steps}>
        {steps.map(({ step, title, human, role, undoes, certain }) => (
          <li key={step}>
            <strong>{title}</strong>{' '}
            <span className={styles.muted}>
              {t('takesBack', { what: undoes.map((id) => titles.get(id) ?? id).join(', ') })}
              {human ? ` ${t('byPerson', { role: role ?? '' })}` : null}
            </span>{' '}
            {certain ? null : <Badge tone="unknown">{t('uncertain')}</Badge>} <Length ms={lengths.get(step) ?? null} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Length({ ms }: { ms: number | null }) {
  const t = useTranslations('runbook.back');
  return ms === null ? <span className={styles.muted}>{t('notMeasured')}</span> : <Duration ms={ms} />;
}

/** What stays, whatever is taken back. */
function Cannot({ run, cannot }: { run: Run; cannot: ReadUndoPlanAnswer['cannot'] }) {
  const t = useTranslations('runbook.back');
  const titles = new Map(run.steps.map(({ id, title }) => [id, title]));
  const bad = cannot.filter(({ matters }) => matters);
  const rest = cannot.length - bad.length;
  return (
    <>
      {bad.length === 0 ? null : (
        <Banner tone="fail" icon="warning" title={t('cannot', { count: bad.length })}>
          <ul className={styles.changes}>
            {bad.map(({ step, why }) => (
              <li key={step}>
                {titles.get(step) ?? step}: {why}
              </li>
            ))}
          </ul>
        </Banner>
      )}
      {rest > 0 ? <p className={styles.muted}>{t('stays', { count: rest })}</p> : null}
    </>
  );
}
