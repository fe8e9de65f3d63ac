import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './rollouts.module.css';
import { toChart } from './to-chart.ts';
import type { ChartLines } from './to-chart.ts';
import { useShiftPoints } from './use-shifts.ts';
import type { ShiftPlace } from './use-shifts.ts';

/** Weight and evidence against time; the numbers stand in words beside it. */
export function EvidenceChart({ at, shift }: { at: ShiftPlace; shift: Shift }) {
  const t = useTranslations('rollouts.chart');
  const query = useShiftPoints(at, shift.endedAt === null);
  return (
    <Panel title={t('title')}>
      <Answer query={query} rows={6}>
        {({ items }) => {
          const chart = toChart(items);
          return chart === null ? (
            <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
          ) : (
            <Chart chart={chart} weight={shift.weight} />
          );
        }}
      </Answer>
    </Panel>
  );
}

function Chart({ chart, weight }: { chart: ChartLines; weight: number }) {
  const t = useTranslations('rollouts.chart');
  const { from, to, asked, read, evidence, limitAt, limit, most } = chart;
  const box = { viewBox: '0 -2 1000 104', preserveAspectRatio: 'none', role: 'img' } as const;
  return (
    <div className={styles.chart}>
      <span className={styles.caption}>{t('weightAxis')}</span>
      <svg {...box} className={styles.plot} aria-label={t('weights', { from, to, weight })}>
        <path className={styles.asked} d={asked} />
        {read.map((path) => (
          <path key={path} className={styles.read} d={path} />
        ))}
      </svg>
      <span className={styles.caption}>{t('evidenceAxis')}</span>
      <svg {...box} className={styles.plot} aria-label={t('evidence', { most: toOdds(most), limit: toOdds(limit) })}>
        <path className={styles.limit} d={`M0 ${limitAt}H1000`} />
        {evidence.map(({ measure, path }) => (
          <path key={measure} className={styles.evidence} d={path} />
        ))}
      </svg>
      <div className={styles.times}>
        <Time at={from} short />
        <Time at={to} short />
      </div>
      <ul className={styles.legend}>
        <li className={styles.askedKey}>{t('asked')}</li>
        <li className={styles.readKey}>{t('read')}</li>
        <li className={styles.evidenceKey}>{t('worse')}</li>
        <li className={styles.limitKey}>{t('limit', { limit: toOdds(limit) })}</li>
      </ul>
    </div>
  );
}

const odds = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' });

/** Odds to 1, in few digits. */
export function toOdds(value: number): string {
  return odds.format(value);
}
