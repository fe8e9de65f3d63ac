import { useTranslations } from 'use-intl/react';

import type { ReadPlanAnswer } from '../api/client.generated.ts';
import { KeyValues } from '../kit/key-values.tsx';
import { Badge } from '../kit/status.tsx';
import styles from './dry-run.module.css';
import { Effects } from './effects.tsx';

/** Everything that a plan would do, step by step, with the digest over all of it: what is ordered, and what approvals are bound to. */
export function DryRun({ plan }: { plan: ReadPlanAnswer }) {
  const t = useTranslations('shared.dryRun');
  const { steps, dryRunSha256, approvalLevel, environment, production } = plan;
  const forward = steps.filter(({ part }) => part === 'forward');
  const back = steps.filter(({ part }) => part === 'undo');
  const writes = forward.filter((step) => step.writes).length;
  const facts = [
    {
      name: t('where'),
      value: (
        <>
          {environment} {production ? <Badge tone="fail">{t('production')}</Badge> : null}
        </>
      ),
    },
    {
      name: t('steps'),
      value: t('counts', { steps: forward.length, writes, human: forward.filter(({ human }) => human).length }),
    },
    { name: t('level'), value: approvalLevel === 0 ? t('noApproval') : t('approval', { level: approvalLevel }) },
    { name: t('digest'), value: <code className={styles.digest}>{dryRunSha256}</code> },
  ];
  return (
    <div className={styles.dryRun}>
      <KeyValues items={facts} />
      {/* Reached by Tab, so that it can be scrolled without a pointer. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.list} tabIndex={0} role="region" aria-label={t('label')}>
        <StepList steps={forward} />
        {back.length === 0 ? null : (
          <>
            <h3>{t('back')}</h3>
            <StepList steps={back} />
          </>
        )}
      </div>
    </div>
  );
}

function StepList({ steps }: { steps: ReadPlanAnswer['steps'] }) {
  const t = useTranslations('shared.dryRun');
  return (
    <ol className={styles.steps}>
      {steps.map(({ id, title, by, role, reversible, effects }) => (
        <li key={id}>
          <p>
            <strong>{title}</strong>{' '}
            <span className={styles.muted}>{by === 'person' ? (role ?? t('by.person')) : t(`by.${by}`)}</span>{' '}
            {reversible ? null : <Badge tone="fail">{t('irreversible')}</Badge>}
          </p>
          {by === 'person' ? null : <Effects effects={effects} />}
        </li>
      ))}
    </ol>
  );
}
