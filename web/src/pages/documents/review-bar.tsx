import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { DocumentMove, DocumentReview, DocumentState } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './review.module.css';
import type { ReviewDesk } from './use-review.ts';

const looks = {
  draft: 'planned',
  submitted: 'waiting',
  in_review: 'open',
  changes_requested: 'warning',
  review_approved: 'ready',
  approved: 'pass',
  locked: 'held',
  rejected: 'fail',
} as const satisfies Record<DocumentState, StatusName>;

/** A state of the review as icon and word. */
export function StateMark({ state }: { state: DocumentState }) {
  const t = useTranslations('documents.reviewing');
  return <Status of={looks[state]}>{t(`state.${state}`)}</Status>;
}

/** Where the document stands, what comes next and for whom, and the watermark that a copy of it has. */
export function ReviewBar({ desk }: { desk: ReviewDesk }) {
  return (
    <Answer query={desk.query} rows={2}>
      {(review) => (
        <div className={styles.bar}>
          <LockBanner review={review} />
          <div className={styles.standing}>
            <StateMark state={review.state} />
            <code className={styles.version} title={review.version}>
              {review.version.slice(0, 12)}
            </code>
            <LastMove review={review} />
            <OpenThreads count={review.openThreads} />
          </div>
          <NextMoves desk={desk} review={review} />
        </div>
      )}
    </Answer>
  );
}

function LockBanner({ review: { lock } }: { review: DocumentReview }) {
  const t = useTranslations('documents.reviewing');
  if (lock === null || !lock.isBroken) return null;
  return (
    <Banner tone="held" icon="warning" title={t('brokenBy', { by: lock.by })}>
      {t('brokenText')}
    </Banner>
  );
}

function LastMove({ review: { moves, version } }: { review: DocumentReview }) {
  const t = useTranslations('documents.reviewing');
  const last = moves.find((one) => one.version === version);
  if (last === undefined) return null;
  return (
    <span className={styles.muted}>
      {last.person} {t(`did.${last.move}`)} <Time at={last.atMs} short />
    </span>
  );
}

function OpenThreads({ count }: { count: number }) {
  const t = useTranslations('documents.reviewing');
  return count === 0 ? null : <Status of="warning">{t('openThreads', { count })}</Status>;
}

function NextMoves({ desk, review }: { desk: ReviewDesk; review: DocumentReview }) {
  const t = useTranslations('documents.reviewing');
  const [asked, setAsked] = useState<DocumentMove | null>(null);
  const { group, take } = useFocusAfterMove();
  const rule = review.next.find(({ move }) => move === asked);
  const move = async (deed: DocumentMove, reason: string): Promise<void> => {
    await desk.move(review, deed, reason === '' ? null : reason);
    setAsked(null);
    take();
  };
  return (
    <div ref={group} role="group" aria-label={t('next')} tabIndex={-1}>
      {review.next.length === 0 ? <p className={styles.muted}>{t('nothingNext')}</p> : null}
      <ul className={styles.next}>
        {review.next.map((one, place) => (
          <li key={one.move} className={styles.move}>
            <Button
              look={place === 0 && one.mine ? 'primary' : 'plain'}
              isDisabled={!one.mine || one.waitsFor !== null}
              onPress={() => setAsked(one.move)}
            >
              {t(`move.${one.move}`)}
            </Button>
            <span className={styles.who}>
              {one.waitsFor === null
                ? t('for', { who: one.who.join(', ') || t('nobody') })
                : t('waitsFor', { what: one.waitsFor })}
            </span>
          </li>
        ))}
      </ul>
      {asked === null || rule === undefined ? null : (
        <ConfirmDialog
          title={t('title', { move: t(`move.${asked}`), path: desk.path })}
          verb={t(`move.${asked}`)}
          isDangerous={asked === 'reject'}
          isOpen
          {...(rule.wantsReason ? { reasonLabel: t('reason') } : {})}
          onClose={() => setAsked((now) => (now === asked ? null : now))}
          onConfirm={(reason) => move(asked, reason)}
        >
          <p>{t(`effect.${asked}`)}</p>
          <p className={styles.mark}>{review.watermark}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Where the focus goes once a move was made: its button is gone by then, and whoever works by keyboard would begin again at the top of the page. */
function useFocusAfterMove() {
  const group = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState(0);
  useEffect(() => {
    if (made > 0) group.current?.focus();
  }, [made]);
  return { group, take: () => setMade((count) => count + 1) };
}
