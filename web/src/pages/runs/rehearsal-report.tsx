import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { readRehearsal } from '../../api/client.generated.ts';
import type { Rehearsal } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { formatDuration } from '../../kit/format-duration.ts';
import { KeyValues } from '../../kit/key-values.tsx';
import { Status } from '../../kit/status.tsx';
import styles from './runs.module.css';

/** What a rehearsal came to, as the server judges it by its events: every pass, every control, how long the way back took. */
export function RehearsalReport({ launch, id, onClose }: { launch: string; id: string; onClose: () => void }) {
  const t = useTranslations('runs.rehearsal');
  const query = useQuery({
    queryKey: ['launches', launch, 'rehearsals', id],
    queryFn: ({ signal }) => readRehearsal({ launch, rehearsal: id }, { signal }),
  });
  return (
    <Dialog title={t('report', { id })} isOpen onClose={onClose}>
      <Answer query={query}>{(report) => <Report report={report} />}</Answer>
    </Dialog>
  );
}

function Report({ report }: { report: Rehearsal }) {
  const t = useTranslations('runs.rehearsal');
  const { passed, partial, findings, uncommitted } = report;
  return (
    <div className={styles.form}>
      <p>
        <Status of={passed ? 'pass' : 'fail'}>{t(passed ? 'passed' : 'failed')}</Status>
      </p>
      {partial === null ? null : (
        <Banner tone="held" icon="warning" title={t('counts')}>
          {t('countsWhy', { why: partial })}
        </Banner>
      )}
      {findings.length === 0 ? null : (
        <Banner tone="fail" icon="crossCircle" title={t('findings')}>
          <ul className={styles.list}>
            {findings.map((finding) => (
              <li key={finding}>{finding}</li>
            ))}
          </ul>
        </Banner>
      )}
      {uncommitted === null ? <p className={styles.muted}>{t('uncommittedUnknown')}</p> : null}
      {uncommitted !== null && uncommitted.length > 0 ? (
        <p className={styles.muted}>{t('uncommitted', { files: uncommitted.join(', ') })}</p>
      ) : null}
      <WayBack report={report} />
      <h3>{t('passesOf')}</h3>
      <Passes report={report} />
      <h3>{t('controls')}</h3>
      <Controls report={report} />
    </div>
  );
}

function WayBack({ report: { wayBack } }: { report: Rehearsal }) {
  const t = useTranslations('runs.rehearsal');
  if (wayBack === null) return null;
  const length = (ms: number | null): string => (ms === null ? t('notMeasured') : formatDuration(ms));
  return (
    <>
      <h3>{t('wayBack')}</h3>
      <KeyValues
        items={[
          { name: t('detected'), value: length(wayBack.detectionMs) },
          { name: t('tookBack'), value: length(wayBack.rollbackMs) },
          { name: t('verified'), value: length(wayBack.verifyMs) },
        ]}
      />
    </>
  );
}

function Passes({ report: { passes, launch } }: { report: Rehearsal }) {
  const t = useTranslations('runs.rehearsal');
  return (
    <ul className={styles.list}>
      {passes.map(({ id, title, run, passed, findings, lastedMs, tookMs, stoodIn }) => (
        <li key={id}>
          <Status of={passed ? 'pass' : 'fail'}>{title}</Status>{' '}
          <span className={styles.muted}>
            {t('lasted', { length: formatDuration(lastedMs), took: formatDuration(tookMs) })}
            {t('stoodIn', { count: stoodIn.length })}
          </span>{' '}
          <Link to="/launches/$launch/runs/$run" params={{ launch, run }}>
            {t('goToRun')}
          </Link>
          {findings.map((finding) => (
            <p key={finding} className={styles.fail}>
              {finding}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Controls({ report: { controls } }: { report: Rehearsal }) {
  const t = useTranslations('runs.rehearsal');
  if (controls.length === 0) return <p className={styles.muted}>{t('noControls')}</p>;
  return (
    <ul className={styles.list}>
      {controls.map(({ of, part, outcome, blind, reason }) => (
        <li key={`${part} ${of}`}>
          <Status of={outcome === 'not_judged' ? 'unknown' : blind ? 'fail' : 'pass'}>
            {of}: {t(outcome === 'not_judged' ? 'notJudged' : blind ? 'blind' : 'sees')}
          </Status>{' '}
          <span className={styles.muted}>{reason}</span>
        </li>
      ))}
    </ul>
  );
}
