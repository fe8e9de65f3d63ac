import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Run, StepPage } from '../../../api/client.generated.ts';
import { Time } from '../../../kit/time.tsx';
import styles from './step-panel.module.css';

/** The signed words with which people closed the step, each leading to its record. */
export function StepEvidence({ run, page }: { run: Run; page: StepPage }) {
  const t = useTranslations('runbook.step');
  if (page.confirmations.length === 0) return null;
  return (
    <div>
      <h3>{t('evidence')}</h3>
      <ul className={styles.evidence}>
        {page.confirmations.map(({ id, person, role, comment, proof, signedAt, attempt, round }) => (
          <li key={id}>
            <span>
              <strong>{person}</strong> {t('as', { role })}, <Time at={signedAt} short />
              {attempt > 1 || round > 0 ? ` ${t('ofAttempt', { attempt, round })}` : null}
            </span>
            {comment === '' ? null : <span>{comment}</span>}
            {proof === '' ? null : <code>{proof}</code>}
            <Link to="/launches/$launch/evidence/$id" params={{ launch: run.launch, id }}>
              {t('record')}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
