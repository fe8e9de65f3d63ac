import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { answerThread, beginThread } from '../../api/client.generated.ts';
import type { DocumentReview, DocumentThread } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Row } from '../../kit/page.tsx';
import { Status } from '../../kit/status.tsx';
import { TextArea, TextField } from '../../kit/text-field.tsx';
import { Time } from '../../kit/time.tsx';
import { useTry } from '../../kit/use-try.ts';
import styles from './review.module.css';
import type { ReviewDesk } from './use-review.ts';

/** Every thread of a document, those that are open first. */
export function ThreadList({ desk, review }: { desk: ReviewDesk; review: DocumentReview }) {
  const t = useTranslations('documents.reviewing');
  const { threads, mayComment } = review;
  if (threads.length === 0) return <EmptyState title={t('noThreads')}>{t('noThreadsHint')}</EmptyState>;
  return (
    <ul className={styles.list}>
      {threads.map((thread) => (
        <li key={thread.id}>
          <ThreadNote desk={desk} thread={thread} mayComment={mayComment} />
        </li>
      ))}
    </ul>
  );
}

/** One thread: where it is, what was said, and a way to answer and to resolve it. */
export function ThreadNote({
  desk,
  thread,
  mayComment,
}: {
  desk: ReviewDesk;
  thread: DocumentThread;
  mayComment: boolean;
}) {
  const t = useTranslations('documents.reviewing');
  const { line, writtenLine, isOutdated, isResolved, quote, comments } = thread;
  const place = isOutdated
    ? t('gone', { line: String(writtenLine) })
    : line === null
      ? t('whole')
      : t('atLine', { line: String(line) });
  return (
    <article className={styles.thread} data-resolved={isResolved}>
      <p className={styles.row}>
        <strong>{place}</strong>
        <Status of={isResolved ? 'done' : 'open'}>{t(isResolved ? 'resolved' : 'open')}</Status>
      </p>
      {quote.trim() === '' ? null : <code className={styles.quote}>{quote}</code>}
      <ol className={styles.list}>
        {comments.map(({ id, person, deed, text, atMs }) => (
          <li key={id} className={styles.comment}>
            <span className={styles.row}>
              <strong>{person}</strong>
              {deed === 'comment' ? null : <span>{t(deed === 'resolve' ? 'didResolve' : 'didReopen')}</span>}
              <Time at={atMs} short />
            </span>
            {text === '' ? null : <span className={styles.words}>{text}</span>}
          </li>
        ))}
      </ol>
      {mayComment ? <AnswerThread desk={desk} thread={thread} /> : null}
    </article>
  );
}

function AnswerThread({ desk, thread: { id, isResolved } }: { desk: ReviewDesk; thread: DocumentThread }) {
  const t = useTranslations('documents.reviewing');
  const [text, setText] = useState('');
  const { error, isPending, attempt } = useTry();
  const say = (deed: 'comment' | 'resolve' | 'reopen') => () =>
    attempt(async () => {
      const { launch, path } = desk;
      await answerThread({ launch, thread: id, body: { path, deed, text } });
      setText('');
      await desk.renew();
    });
  return (
    <>
      <TextArea label={t('answer')} rows={2} value={text} onChange={setText} />
      <Row>
        <Button isPending={isPending} isDisabled={text.trim() === ''} onPress={say('comment')}>
          {t('send')}
        </Button>
        <Button look="quiet" isPending={isPending} onPress={say(isResolved ? 'reopen' : 'resolve')}>
          {t(isResolved ? 'reopen' : 'resolve')}
        </Button>
      </Row>
      {error === null ? null : <ErrorState error={error} />}
    </>
  );
}

/** Begins a thread at a line, or about the whole document. */
export function BeginThread({ desk, review, lines }: { desk: ReviewDesk; review: DocumentReview; lines: number }) {
  const t = useTranslations('documents.reviewing');
  const [line, setLine] = useState('');
  const [text, setText] = useState('');
  const { error, isPending, attempt } = useTry();
  const number = line.trim() === '' ? null : Number(line);
  const isBad = number !== null && !(Number.isInteger(number) && number >= 1 && number <= lines);
  if (!review.mayComment) return <p className={styles.muted}>{t('notYours')}</p>;
  const begin = (): void =>
    attempt(async () => {
      const { launch, path } = desk;
      await beginThread({ launch, body: { path, line: number, text, expectedVersion: review.version } });
      setLine('');
      setText('');
      await desk.renew();
    });
  return (
    <div className={styles.begin}>
      <TextField
        label={t('line')}
        inputMode="numeric"
        value={line}
        onChange={setLine}
        error={isBad ? t('badLine', { most: String(lines) }) : null}
      />
      <TextArea label={t('text')} rows={2} value={text} onChange={setText} />
      <Row>
        <Button isPending={isPending} isDisabled={isBad || text.trim() === ''} onPress={begin}>
          {t('begin')}
        </Button>
      </Row>
      {error === null ? null : <ErrorState error={error} />}
    </div>
  );
}
