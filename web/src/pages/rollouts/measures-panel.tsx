import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import { Panel } from '../../kit/panel.tsx';
import { toOdds } from './evidence-chart.tsx';
import { verdictLooks } from './looks.ts';
import styles from './rollouts.module.css';

type Verdict = Shift['verdicts'][number];

/** Each measure with its verdict, why, what would change it, and what was counted on both arms. */
export function MeasuresPanel({ shift }: { shift: Shift }) {
  const t = useTranslations('rollouts.measures');
  return (
    <Panel title={t('title')} flush>
      {shift.verdicts.length === 0 ? <EmptyState title={t('none')} /> : null}
      <ul className={styles.measures}>
        {shift.verdicts.map((verdict) => (
          <Measure key={verdict.measure} shift={shift} verdict={verdict} />
        ))}
      </ul>
    </Panel>
  );
}

function Measure({ shift, verdict }: { shift: Shift; verdict: Verdict }) {
  const t = useTranslations('rollouts.measures');
  const said = shift.measures.find(({ measure }) => measure === verdict.measure);
  const { low, high } = verdict.interval;
  const ratio = { low: toRatio(low) ?? '0', high: toRatio(high) ?? t('anything') };
  const title = shift.declared.measures.find(({ id }) => id === verdict.measure)?.title ?? verdict.measure;
  return (
    <li className={styles.measure}>
      <div className={styles.head}>
        <strong>{title}</strong>
        <Status of={verdictLooks[verdict.verdict]}>{t(verdict.verdict)}</Status>
        {verdict.gating ? null : <Badge>{t('watched')}</Badge>}
      </div>
      <p>{said === undefined ? verdict.reason : withoutVerdict(said.text, verdict.verdict)}</p>
      {said === undefined || said.unblock === '' ? null : (
        <p className={styles.muted}>
          {said.who}: {said.unblock}
        </p>
      )}
      <Counts verdict={verdict} />
      <p className={styles.muted}>
        {t('evidence', { value: toOdds(Math.exp(Math.max(0, verdict.logAgainst))), limit: toOdds(verdict.limit) })}.{' '}
        {t('ratio', ratio)}
      </p>
    </li>
  );
}

/** The verdict stands beside it already. */
function withoutVerdict(text: string, verdict: string): string {
  return text.startsWith(`${verdict}: `) ? text.slice(verdict.length + 2) : text;
}

function Counts({ verdict }: { verdict: Verdict }) {
  const t = useTranslations('rollouts.measures');
  return (
    <table className={styles.counts}>
      <thead>
        <tr>
          <th scope="col">{t('arm')}</th>
          <th scope="col">{t('bad')}</th>
          <th scope="col">{t('total')}</th>
          <th scope="col">{t('share')}</th>
        </tr>
      </thead>
      <tbody>
        {(['stable', 'canary'] as const).map((arm) => (
          <tr key={arm}>
            <th scope="row">{t(arm)}</th>
            <td>{count.format(verdict[arm].bad)}</td>
            <td>{count.format(verdict[arm].total)}</td>
            <td>{verdict[arm].total === 0 ? '' : share.format(verdict[arm].bad / verdict[arm].total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const count = new Intl.NumberFormat('en');
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 });

function toRatio(value: number | null): string | null {
  return value === null ? null : `${Number(value.toPrecision(2))}x`;
}
