import { useTranslations } from 'use-intl/react';

import type { ReadEvidenceAnswer } from '../../api/client.generated.ts';
import { Duration } from '../../kit/duration.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './record.module.css';
import type { EvidenceRecord } from './parse-record.ts';

/** What the evidence speaks about, and whether that is what stands now: change one and it counts no more. */
export function BoundPanel({ entry, record }: { entry: EvidenceRecord; record: ReadEvidenceAnswer }) {
  const t = useTranslations('evidenceRecord');
  const { producer, check } = entry;
  const { current } = record;
  const items = [
    { name: t('environment'), value: entry.environment },
    { name: t('plan'), value: <Digest of={entry.planHash} now={current?.planHash ?? null} /> },
    { name: t('candidate'), value: <Digest of={entry.candidateSha256} now={current?.candidateSha256 ?? null} /> },
    { name: t('checkOf'), value: `${check.kind} ${check.sha256.slice(0, 12)}` },
    { name: t('seen'), value: <Time at={entry.observedAt} /> },
    { name: t('took'), value: <Duration ms={entry.durationMs} /> },
    { name: t('by'), value: producer.kind === 'person' ? producer.person : producer.tool },
    { name: t('place'), value: record.index },
    { name: t('id'), value: <code className={styles.digest}>{record.id}</code> },
  ];
  return (
    <Panel title={t('bound')}>
      <KeyValues items={items} />
    </Panel>
  );
}

function Digest({ of, now }: { of: string; now: string | null }) {
  const t = useTranslations('evidenceRecord');
  const look = now === null ? 'unknown' : now === of ? 'met' : 'stale';
  const word = now === null ? 'unknownNow' : now === of ? 'ofNow' : 'otherNow';
  return (
    <>
      <code title={of}>{of.slice(0, 16)}</code> <Status of={look}>{t(word)}</Status>
    </>
  );
}
