import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { readDocumentVersion } from '../../api/client.generated.ts';
import type { DocumentReview } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { Diff } from '../../kit/diff.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Stack } from '../../kit/page.tsx';
import { Badge } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { StateMark } from './review-bar.tsx';
import styles from './review.module.css';
import { BeginThread, ThreadList } from './threads.tsx';
import type { ReviewDesk } from './use-review.ts';

/** What was said and decided about a document: threads, versions, history. */
export function ReviewTab({ desk, text }: { desk: ReviewDesk; text: string }) {
  const t = useTranslations('documents.reviewing');
  const { launch, path } = desk;
  const copy = `/api/launches/${encodeURIComponent(launch)}/document/copy?path=${encodeURIComponent(path)}`;
  return (
    <Answer query={desk.query} rows={8}>
      {(review) => (
        <Stack>
          <p className={styles.mark}>{review.watermark}</p>
          <p>
            <a href={copy} download>
              {t('copy')}
            </a>
          </p>
          <section className={styles.section} aria-label={t('threads')}>
            <h3>{t('threads')}</h3>
            <ThreadList desk={desk} review={review} />
            <BeginThread desk={desk} review={review} lines={text.split('\n').length} />
          </section>
          <Versions desk={desk} review={review} text={text} />
          <History review={review} />
        </Stack>
      )}
    </Answer>
  );
}

function Versions({ desk, review, text }: { desk: ReviewDesk; review: DocumentReview; text: string }) {
  const t = useTranslations('documents.reviewing');
  const [shown, setShown] = useState<string | null>(null);
  return (
    <section className={styles.section} aria-label={t('versions')}>
      <h3>{t('versions')}</h3>
      {review.versions.length === 0 ? <EmptyState title={t('noVersions')}>{t('noVersionsHint')}</EmptyState> : null}
      <ul className={styles.list}>
        {review.versions.map(({ version, state, last, isCurrent }) => (
          <li key={version} className={styles.row}>
            <code title={version}>{version.slice(0, 12)}</code>
            <StateMark state={state} />
            {last === null ? null : <Time at={last.atMs} short />}
            {isCurrent ? (
              <Badge>{t('current')}</Badge>
            ) : (
              <Button look="quiet" onPress={() => setShown(shown === version ? null : version)}>
                {t('compare')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {shown === null ? null : <VersionDiff desk={desk} version={shown} text={text} />}
    </section>
  );
}

function VersionDiff({ desk: { launch, path }, version, text }: { desk: ReviewDesk; version: string; text: string }) {
  const t = useTranslations('documents.reviewing');
  const query = useQuery({
    queryKey: ['launches', launch, 'version', path, version],
    queryFn: ({ signal }) => readDocumentVersion({ launch, path, version }, { signal }),
  });
  return (
    <Answer query={query}>
      {(old) => <Diff before={old.text} after={text} label={t('compareTitle', { version: version.slice(0, 12) })} />}
    </Answer>
  );
}

function History({ review: { moves } }: { review: DocumentReview }) {
  const t = useTranslations('documents.reviewing');
  return (
    <section className={styles.section} aria-label={t('history')}>
      <h3>{t('history')}</h3>
      {moves.length === 0 ? <p className={styles.muted}>{t('noHistory')}</p> : null}
      <ol className={styles.list}>
        {moves.map(({ number, person, move, version, reason, atMs }) => (
          <li key={number} className={styles.row}>
            <Time at={atMs} short />
            <span>
              <strong>{person}</strong> {t(`did.${move}`)}
            </span>
            <code title={version}>{version.slice(0, 12)}</code>
            {reason === null ? null : <span className={styles.words}>{reason}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
