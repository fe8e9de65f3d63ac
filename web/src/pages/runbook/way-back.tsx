import { useTranslations } from 'use-intl/react';

import type { Forecast, Run } from '../../api/client.generated.ts';
import { Duration } from '../../kit/duration.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './console.module.css';
import { useForecast } from './use-forecast.ts';

const looks = { ahead: 'pass', crossed: 'fail', unknown: 'unknown' } as const;

/** Whether one can still go back, how long that takes, and until when it can be decided. */
export function WayBack({ run }: { run: Run }) {
  const t = useTranslations('runbook.console');
  const { state, by, atMs } = run.returnPoint;
  return (
    <section className={styles.cell} aria-label={t('wayBack')}>
      <p className={styles.title}>{t('returnPoint')}</p>
      <p className={styles.strong}>
        {run.pointsOfNoReturn.length === 0 && state === 'ahead' ? (
          <Status of="info">{t('returnNone')}</Status>
        ) : (
          <Status of={looks[state]}>{t(`return.${state}`)}</Status>
        )}
      </p>
      {by === null && atMs === null ? null : (
        <p className={styles.line}>
          {by} {atMs === null ? null : <Time at={atMs} short />}
        </p>
      )}
      {run.endedAtMs === null ? <HowLong run={run} /> : null}
    </section>
  );
}

/** From measured undo steps only: what nobody measured is said, and never guessed. */
function HowLong({ run }: { run: Run }) {
  const t = useTranslations('runbook.console');
  const { data, isError } = useForecast(run.id);
  if (data === undefined)
    return <p className={styles.line}>{isError ? t('forecastUnavailable') : t('forecastLoading')}</p>;
  const { p90Ms, decideByMs, verdict, gaps } = data.wayBack;
  return (
    <>
      <p className={styles.line}>
        {t(`verdict.${verdict}`)}
        {p90Ms === null ? null : (
          <>
            {' '}
            {t('takes')} <Duration ms={p90Ms} />
          </>
        )}
      </p>
      {decideByMs === null ? null : (
        <p className={styles.line}>
          {t('decideBy')} <Time at={decideByMs} />
        </p>
      )}
      {gaps.length === 0 ? null : <p className={styles.line}>{toGapText(gaps, t('neverMeasured'))}</p>}
    </>
  );
}

/** Most gaps are steps that nobody measured: named once, with what they lack in common. */
function toGapText(gaps: Forecast['gaps'], neverMeasured: string): string {
  const unmeasured = gaps.flatMap(({ code, step }) => (code === 'never_measured' && step !== null ? [step] : []));
  const others = gaps.filter(({ code, step }) => code !== 'never_measured' || step === null).map(({ text }) => text);
  return [...(unmeasured.length === 0 ? [] : [`${neverMeasured}: ${unmeasured.join(', ')}`]), ...others].join('; ');
}
