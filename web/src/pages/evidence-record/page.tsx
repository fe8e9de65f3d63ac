import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { readEvidence } from '../../api/client.generated.ts';
import type { ReadEvidenceAnswer } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Icon } from '../../kit/icon.tsx';
import { Page as PageFrame } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import { EntryStatus } from '../evidence/entry-status.tsx';
import { isEvidence, parseEntry } from './parse-record.ts';
import { RecordView } from './record-view.tsx';
import { StatementView } from './statement-view.tsx';
import styles from './record.module.css';

export { messages } from './messages.ts';

/** One entry of the log: what it says, what it was made from, and the proof that it stands there, computed here. */
export function Page() {
  const t = useTranslations('evidenceRecord');
  const { launch, id } = useParams({ from: '/launches/$launch/evidence/$id' });
  const queryKey = ['launches', launch, 'evidence', id];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => readEvidence({ launch, id }, { signal }) });
  useLive({ launch }, queryKey);
  const own = query.data?.chain.find((one) => one.id === query.data.id);
  return (
    <PageFrame
      title={t('title', { about: own?.about ?? id.slice(0, 12) })}
      lead={
        <>
          <Link to="/launches/$launch/evidence" params={{ launch }} className={styles.back ?? ''}>
            <Icon name="back" /> {t('back')}
          </Link>
          {own === undefined ? null : <EntryStatus word={own.word} />}
          {own === undefined ? null : <Time at={own.at} />}
        </>
      }
    >
      <Answer query={query} rows={8}>
        {(record) => <Record launch={launch} record={record} />}
      </Answer>
    </PageFrame>
  );
}

function Record({ launch, record }: { launch: string; record: ReadEvidenceAnswer }) {
  const entry = parseEntry(record.body);
  if (!isEvidence(entry)) return <StatementView record={record} entry={entry} />;
  return <RecordView key={record.id} launch={launch} record={record} entry={entry} />;
}
