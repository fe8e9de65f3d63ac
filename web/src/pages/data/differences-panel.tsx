import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { beginReconcile, readReconcile } from '../../api/client.generated.ts';
import type { Reconcile } from '../../api/client.generated.ts';
import { launchKey } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { Duration } from '../../kit/duration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './data.module.css';
import { Explorer } from './explorer.tsx';
import { verdictLooks } from './looks.ts';
import type { DatasetPlace } from './use-data.ts';
import { useDeed } from './use-deed.ts';

/** The newest comparison of both sides: its verdict, and what differs by cause for those who may see values. */
export function DifferencesPanel(here: DatasetPlace) {
  const t = useTranslations('data.differences');
  const { at, place, dataset, rights } = here;
  const { isPending, attempt } = useDeed(place);
  const begin = (full: boolean) => attempt(() => beginReconcile({ ...at, body: { full } }));
  const compare = rights.includes('check.run') ? (
    <Button
      icon="refresh"
      isPending={isPending}
      isDisabled={dataset.work?.endedAtMs === null}
      onPress={() => begin(false)}
    >
      {t('compare')}
    </Button>
  ) : undefined;
  return (
    <Panel title={t('title')} actions={compare} flush={dataset.reconcile !== null}>
      {dataset.reconcile === null ? (
        <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
      ) : (
        <>
          <Verdict {...here} />
          {rights.includes('data.view') ? (
            <Report here={here} onFull={() => begin(true)} />
          ) : (
            <p className={styles.part}>{t('denied')}</p>
          )}
        </>
      )}
    </Panel>
  );
}

function Verdict({ dataset: { reconcile } }: DatasetPlace) {
  const t = useTranslations('data');
  if (reconcile === null) return null;
  const { verdict, reason, at, startedBy, current } = reconcile;
  return (
    <div className={styles.part}>
      <span className={styles.inLine}>
        <Status of={verdictLooks[verdict]}>{t(`verdict.${verdict}`)}</Status>
        <span>{reason}</span>
        <span className={styles.muted}>
          <Time at={at} short /> {t('differences.by', { person: startedBy })}
        </span>
        {current ? null : <Badge tone="unknown">{t('differences.old')}</Badge>}
      </span>
    </div>
  );
}

function Report({ here: { at, place, dataset, rights }, onFull }: { here: DatasetPlace; onFull: () => void }) {
  const digest = dataset.reconcile?.reportSha256 ?? '';
  const query = useQuery({
    queryKey: launchKey(place, 'datasets', dataset.id, 'reconcile', digest),
    queryFn: ({ signal }) => readReconcile(at, { signal }),
  });
  return (
    <Answer query={query}>
      {(report) => <Read report={report} onFull={rights.includes('check.run') ? onFull : null} />}
    </Answer>
  );
}

function Read({ report, onFull }: { report: Reconcile; onFull: (() => void) | null }) {
  const t = useTranslations('data.differences');
  const { counts, tookMs, systematic, groups, strategy } = report;
  return (
    <>
      <p className={styles.line}>
        <span className={styles.muted}>
          {t('compared', { compared: counts.compared })} <Duration ms={tookMs} /> ({strategy})
        </span>
      </p>
      {systematic.length === 0 ? null : (
        <Banner
          tone="fail"
          icon="warning"
          title={t('systematic')}
          actions={onFull === null ? null : <Button onPress={onFull}>{t('full')}</Button>}
        >
          <ul className={styles.list}>
            {systematic.map(({ column, differing, sampled, guess }) => (
              <li key={column}>
                {t('systematicLine', { column, differing, sampled })}
                {guess === null ? '' : `: ${guess}`}
              </li>
            ))}
          </ul>
        </Banner>
      )}
      {groups.length === 0 ? null : <Explorer key={report.reportSha256} groups={groups} />}
    </>
  );
}
