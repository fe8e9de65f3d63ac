import { useTranslations } from 'use-intl/react';

import type { Outlook } from '../../api/client.generated.ts';
import { formatClock } from '../../kit/format-duration.ts';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './launch.module.css';

type Forecast = NonNullable<Outlook['wayBack'][number]['forecast']>;

/** Whether one can get back, how long that takes at P90 of what was measured, and until when it can be decided. */
export function WayBack({ outlook: { wayBack, run } }: { outlook: Outlook }) {
  const t = useTranslations('launch.back');
  if (wayBack.length === 0) return <p className={styles.muted}>{t('none')}</p>;
  return (
    <>
      {run?.returnPoint.state === 'crossed' ? <Status of="warning">{t('returned')}</Status> : null}
      {run?.returnPoint.state === 'unknown' ? <Status of="unknown">{t('unknownReturn')}</Status> : null}
      {wayBack.map(({ procedure, title, forecast, trouble }) => (
        <div key={procedure} className={styles.way}>
          {wayBack.length > 1 ? <p className={styles.strong}>{title}</p> : null}
          {forecast === null ? <Status of="unknown">{trouble}</Status> : <Verdict forecast={forecast} />}
        </div>
      ))}
    </>
  );
}

const looks: Record<Forecast['verdict'], StatusName> = {
  fits: 'pass',
  no_end: 'pass',
  will_be_too_late: 'warning',
  too_late: 'fail',
  unknown: 'unknown',
  no_way_back: 'fail',
};

function Verdict({ forecast }: { forecast: Forecast }) {
  const t = useTranslations('launch.back');
  const { verdict, p90Ms, decideByMs, end, gaps } = forecast;
  const isKnown = p90Ms !== null && (verdict === 'fits' || verdict === 'no_end');
  const look = isKnown || !['fits', 'no_end'].includes(verdict) ? looks[verdict] : 'unknown';
  return (
    <>
      <p className={styles.strong}>
        <Status of={look}>{isKnown ? t('canUndo', { time: formatClock(p90Ms) }) : words(t, forecast)}</Status>
      </p>
      {decideByMs === null ? null : (
        <p>
          {t('until')} <Time at={decideByMs} />
        </p>
      )}
      {end === null ? null : (
        <p className={styles.muted}>
          {end.kind === 'window' ? t('windowEnd') : t('limitEnd')} <Time at={end.atMs} short />
        </p>
      )}
      {isKnown && end === null ? <p className={styles.muted}>{t('noEnd')}</p> : null}
      {gaps.length === 0 ? null : <p className={styles.muted}>{t('gap', { steps: stepsOf(gaps) })}</p>}
    </>
  );
}

function words(
  t: (key: 'tooLate' | 'willBe' | 'noWay' | 'unknown') => string,
  { verdict, p90Ms }: Pick<Forecast, 'verdict' | 'p90Ms'>,
): string {
  if (verdict === 'no_way_back') return t('noWay');
  if (verdict === 'too_late') return t('tooLate');
  return verdict === 'will_be_too_late' && p90Ms !== null ? t('willBe') : t('unknown');
}

function stepsOf(gaps: Forecast['gaps']): string {
  return gaps.map(({ step, text }) => step ?? text).join(', ');
}
