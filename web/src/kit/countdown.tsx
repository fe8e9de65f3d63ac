import { useTranslations } from 'use-intl/react';

import { useNow } from './clock.ts';
import styles from './countdown.module.css';
import { formatClock } from './format-duration.ts';
import { Icon } from './icon.tsx';
import { joinClasses } from './join-classes.ts';

/** Where a count stands: moving towards a T-0, or held at an offset from it. */
export type Count =
  | { kind: 'moving'; t0Ms: number }
  | { kind: 'held'; offsetMs: number; sinceMs: number; reason: string };

/**
 * Time against T-0: `T-1:02:03` before it, `T+0:05` after it. In a hold the count stands, as it does in the run,
 * and how long the hold lasts is what ticks.
 */
export function Countdown({ count, isSmall = false }: { count: Count; isSmall?: boolean }) {
  const t = useTranslations('kit');
  const now = useNow();
  const offset = count.kind === 'moving' ? now - Math.floor(count.t0Ms / 1000) * 1000 : count.offsetMs;
  return (
    <div className={joinClasses(styles.countdown, isSmall && styles.small)} role="timer" aria-label={t('countdown')}>
      <span className={styles.figures}>{toCountText(offset)}</span>
      {count.kind === 'held' ? (
        <span className={styles.held}>
          <Icon name="held" />
          {t('heldFor', { time: formatClock(Math.max(0, now - Math.floor(count.sinceMs / 1000) * 1000)) })}
          {count.reason === '' ? null : <span className={styles.reason}>{count.reason}</span>}
        </span>
      ) : null}
    </div>
  );
}

/** `T-1:02:03` or `T+0:05`, of an offset from T-0 in ms. */
export function toCountText(offsetMs: number): string {
  return `T${offsetMs < 0 ? '\u2212' : '+'}${formatClock(Math.abs(offsetMs))}`;
}
