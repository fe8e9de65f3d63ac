import { useTranslations } from 'use-intl/react';

import type { ReadDocumentAnswer } from '../../api/client.generated.ts';
import styles from './writing.module.css';
import { FindingNote } from './finding-note.tsx';
import { ThreadNote } from './threads.tsx';
import type { ReviewDesk } from './use-review.ts';

/** The file as it is, line by line, with what lint and people say below the line that it is about. */
export function SourceView({
  document: { path, text, findings },
  desk,
}: {
  document: ReadDocumentAnswer;
  desk: ReviewDesk;
}) {
  const t = useTranslations('documents');
  const byLine = Map.groupBy(findings, ({ line }) => line);
  const review = desk.query.data;
  const threads = Map.groupBy(review?.threads ?? [], ({ line }) => line);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keys
    <div className={styles.source} tabIndex={0} role="region" aria-label={t('sourceOf', { path })}>
      {text.split('\n').map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the number of a line is what it is
        <div key={index} className={styles.sourceLine}>
          <span className={styles.number} aria-hidden="true">
            {index + 1}
          </span>
          <code className={styles.written}>{line === '' ? ' ' : line}</code>
          {(byLine.get(index + 1) ?? []).map((finding, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- as above
            <div key={place} className={styles.sourceNote}>
              <FindingNote finding={finding} />
            </div>
          ))}
          {(threads.get(index + 1) ?? []).map((thread) => (
            <div key={`thread ${thread.id}`} className={styles.sourceNote}>
              <ThreadNote desk={desk} thread={thread} mayComment={review?.mayComment === true} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
