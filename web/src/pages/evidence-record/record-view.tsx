import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { ReadEvidenceAnswer } from '../../api/client.generated.ts';
import { Banner } from '../../kit/banner.tsx';
import { Columns, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { BoundPanel } from './bound-panel.tsx';
import { ChainPanel } from './chain-panel.tsx';
import { FindingsTable } from './findings-table.tsx';
import type { EvidenceRecord } from './parse-record.ts';
import { ProofPanel } from './proof-panel.tsx';
import styles from './record.module.css';
import { SourcePanel } from './source-panel.tsx';
import { WholeRecord } from './whole-record.tsx';

/** One evidence record: how it came out, whether the check could have failed, what was seen, and that it stands in the log. */
export function RecordView({
  launch,
  record,
  entry,
}: {
  launch: string;
  record: ReadEvidenceAnswer;
  entry: EvidenceRecord;
}) {
  const t = useTranslations('evidenceRecord');
  return (
    <Stack>
      <Warnings launch={launch} record={record} entry={entry} />
      <Columns>
        <Stack>
          <Panel title={t('judgement')}>
            {entry.trouble === null ? null : <p>{t('trouble', { message: entry.trouble.message })}</p>}
            <FindingsTable label={t('judgement')} findings={entry.judgement.findings} />
          </Panel>
          <Panel title={t('control')}>
            <p className={styles.muted}>{t('controlText')}</p>
            <FindingsTable label={t('control')} findings={entry.control.findings} />
          </Panel>
          <SourcePanel launch={launch} id={record.id} sources={entry.sources} />
        </Stack>
        <Stack>
          <ProofPanel record={record} />
          <BoundPanel entry={entry} record={record} />
          <ChainPanel launch={launch} record={record} />
        </Stack>
      </Columns>
      <WholeRecord body={record.body} />
    </Stack>
  );
}

/** Why this record may not count, before anything else of it is read. */
function Warnings({
  launch,
  record: { id, chain, current },
  entry,
}: {
  launch: string;
  record: ReadEvidenceAnswer;
  entry: EvidenceRecord;
}) {
  const t = useTranslations('evidenceRecord');
  const isSuperseded = chain.find((one) => one.id === id)?.supersededBy !== null;
  const newest = chain.at(-1);
  const others = [
    ...(current !== null && current.planHash !== entry.planHash ? [t('foreignPlan')] : []),
    ...(current !== null && current.candidateSha256 !== entry.candidateSha256 ? [t('foreignCandidate')] : []),
  ];
  return (
    <>
      {isSuperseded && newest !== undefined ? (
        <Banner
          tone="held"
          icon="stale"
          title={t('superseded')}
          actions={
            <Link to="/launches/$launch/evidence/$id" params={{ launch, id: newest.id }}>
              {t('toNewest')}
            </Link>
          }
        >
          {t('supersededText')}
        </Banner>
      ) : null}
      {others.length === 0 ? null : (
        <Banner tone="unknown" icon="stale" title={t('foreign')}>
          {t('foreignText', { what: others.join(', ') })}
        </Banner>
      )}
      {entry.mode === 'simulated' ? <Banner tone="unknown" icon="unknown" title={t('simulated')} /> : null}
    </>
  );
}
