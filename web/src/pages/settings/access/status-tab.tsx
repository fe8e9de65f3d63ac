import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { readStatusDetails } from '../../../api/client.generated.ts';
import type { Metric, StatusDetails } from '../../../api/client.generated.ts';
import { useLive } from '../../../api/live.tsx';
import { Answer } from '../../../kit/answer.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { Columns, Stack } from '../../../kit/page.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Status } from '../../../kit/status.tsx';
import type { StatusName } from '../../../kit/status.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { Time } from '../../../kit/time.tsx';
import styles from '../settings.module.css';

const everyMs = 15_000;

const looks: { readonly [level in StatusDetails['level']]: StatusName } = {
  operational: 'pass',
  degraded: 'warning',
  partial: 'fail',
  major: 'fail',
  unknown: 'unknown',
};
const verdicts: Readonly<Record<string, StatusName>> = {
  ok: 'pass',
  warn: 'warning',
  alert: 'fail',
  unknown: 'unknown',
};

/** How the installation is, with every reason and figure. */
export function StatusTab() {
  const queryKey = ['status', 'details'];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => readStatusDetails({ signal }),
    refetchInterval: everyMs,
  });
  useLive({ types: ['system'] }, queryKey);
  return (
    <Answer query={query}>
      {(details) => (
        <Stack>
          <Columns>
            <Parts details={details} />
            <Alarms alarms={details.alarms} />
          </Columns>
          <Metrics metrics={details.metrics} />
        </Stack>
      )}
    </Answer>
  );
}

function Parts({ details: { level, parts, at } }: { details: StatusDetails }) {
  const t = useTranslations('settings.health');
  return (
    <Panel title={t('title')} actions={<Link to="/status">{t('public')}</Link>}>
      <div className={styles.form}>
        <div className={styles.level}>
          <Status of={looks[level]}>{t(`level.${level}`)}</Status>
        </div>
        <KeyValues
          items={[
            ...parts.map((part) => ({
              name: t(`part.${part.component}`),
              value: (
                <>
                  <Status of={looks[part.level]}>{t(`partLevel.${part.level}`)}</Status>
                  <div className={styles.muted}>{part.why}</div>
                </>
              ),
            })),
            { name: t('at'), value: <Time at={at} /> },
          ]}
        />
      </div>
    </Panel>
  );
}

function Alarms({ alarms }: { alarms: StatusDetails['alarms'] }) {
  const t = useTranslations('settings.health');
  return (
    <Panel title={t('alarms')} aside={alarms.length}>
      {alarms.length === 0 ? (
        <EmptyState title={t('noAlarm')} />
      ) : (
        <ul className={styles.list}>
          {alarms.map(({ subject, kind, since, detail }) => (
            <li key={`${subject} ${kind} ${since}`} className={styles.entry}>
              <div className={styles.grow}>
                <Status of="warning">{detail}</Status>
                <div className={styles.muted}>
                  {subject}, <Time at={since} short />
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Metrics({ metrics }: { metrics: readonly Metric[] }) {
  const t = useTranslations('settings.health');
  const columns: Column<Metric>[] = [
    { id: 'title', name: t('metric'), width: '1.2fr', sortBy: ({ title }) => title, cell: ({ title }) => title },
    {
      id: 'value',
      name: t('value'),
      width: '96px',
      align: 'end',
      cell: ({ value, unit }) => (value === null ? t('unread') : toFigure(value, unit)),
    },
    { id: 'verdict', name: t('state'), width: '120px', cell: (metric) => <Verdict metric={metric} /> },
    {
      id: 'target',
      name: t('target'),
      priority: 2,
      width: '96px',
      align: 'end',
      cell: ({ target, unit }) => `${target.is} ${toFigure(target.value, unit)}`,
    },
    {
      id: 'alert',
      name: t('alert'),
      priority: 3,
      width: '96px',
      align: 'end',
      cell: ({ alert, unit }) => `${alert.is} ${toFigure(alert.value, unit)}`,
    },
    { id: 'from', name: t('from'), priority: 2, width: '2fr', cell: ({ from }) => <span title={from}>{from}</span> },
  ];
  return (
    <Panel title={t('metrics')} flush>
      <Table label={t('metrics')} rows={metrics} rowKey={({ id }) => id} columns={columns} />
    </Panel>
  );
}

function Verdict({ metric: { verdict } }: { metric: Metric }) {
  const t = useTranslations('settings.health.verdict');
  const known = verdict === 'ok' || verdict === 'warn' || verdict === 'alert' ? verdict : 'unknown';
  return <Status of={verdicts[known] ?? 'unknown'}>{t(known)}</Status>;
}

function toFigure(value: number, unit: string): string {
  if (unit === 'count') return String(value);
  return unit === 'percent' ? `${Math.round(value * 10) / 10} %` : `${Math.round(value * 10) / 10} s`;
}
