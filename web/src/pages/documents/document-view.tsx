import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { readDocument } from '../../api/client.generated.ts';
import type { ReadDocumentAnswer } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Icon } from '../../kit/icon.tsx';
import { Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import styles from './documents.module.css';
import { EditView } from './edit-view.tsx';
import { FindingCounts } from './finding-counts.tsx';
import { ReadingView } from './reading.tsx';
import { ReviewBar } from './review-bar.tsx';
import { ReviewTab } from './review-tab.tsx';
import { SourceView } from './source-view.tsx';
import { useReview } from './use-review.ts';

/** One document: read, as it is written, and mended. */
export function DocumentView({ launch, path }: { launch: string; path: string }) {
  const t = useTranslations('documents');
  const queryKey = ['launches', launch, 'document', path];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => readDocument({ launch, path }, { signal }) });
  useLive({ launch }, queryKey);
  return (
    <Stack>
      <Link to="/launches/$launch/documents" params={{ launch }} className={styles.back ?? ''}>
        <Icon name="back" /> {t('back')}
      </Link>
      <Panel title={path} aside={query.data === undefined ? null : <FindingCounts of={countOf(query.data)} />}>
        <Answer query={query} rows={12}>
          {(document) => <Views launch={launch} document={document} />}
        </Answer>
      </Panel>
    </Stack>
  );
}

function Views({ launch, document }: { launch: string; document: ReadDocumentAnswer }) {
  const t = useTranslations('documents');
  const [view, setView] = useState<'read' | 'source' | 'review' | 'edit'>('read');
  const desk = useReview(launch, document.path);
  const tabs = [
    { id: 'read' as const, name: t('read'), children: <Read launch={launch} document={document} /> },
    { id: 'source' as const, name: t('source'), children: <SourceView document={document} desk={desk} /> },
    {
      id: 'review' as const,
      name: t('reviewing.tab'),
      children: <ReviewTab desk={desk} text={document.text} />,
    },
    { id: 'edit' as const, name: t('edit'), children: <Edit launch={launch} document={document} /> },
  ];
  return (
    <>
      <ReviewBar desk={desk} />
      <Tabs label={document.path} tabs={tabs} selected={view} onSelect={setView} />
    </>
  );
}

function Read({ launch, document }: { launch: string; document: ReadDocumentAnswer }) {
  const t = useTranslations('documents');
  return (
    <Stack>
      {document.marksTrouble === null ? null : (
        <Banner tone="unknown" icon="unknown" title={t('noMarks')}>
          {document.marksTrouble}
        </Banner>
      )}
      <ReadingView launch={launch} document={document} />
    </Stack>
  );
}

function Edit({ launch, document }: { launch: string; document: ReadDocumentAnswer }) {
  const t = useTranslations('documents');
  if (!document.mayEdit) return <p className={styles.muted}>{t('notYours')}</p>;
  if (!document.isUtf8) return <p className={styles.muted}>{t('notText')}</p>;
  return <EditView launch={launch} document={document} />;
}

function countOf({ findings }: ReadDocumentAnswer) {
  const count = (severity: string): number => findings.filter((one) => one.severity === severity).length;
  return { blocking: count('blocking'), warning: count('warning'), info: count('info') };
}
