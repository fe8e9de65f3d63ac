import { useTranslations } from 'use-intl/react';

import type { Run } from '../../api/client.generated.ts';
import { Countdown } from '../../kit/countdown.tsx';
import type { Count } from '../../kit/countdown.tsx';
import { Duration } from '../../kit/duration.tsx';
import { Progress } from '../../kit/progress.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './console.module.css';
import { useRunNow } from './run-clock.ts';
import { hasEnded } from './run-look.ts';
import { WayBack } from './way-back.tsx';

/** What is looked at all night: the count, how far it is, and whether one can still go back. */
export function Console({ run }: { run: Run }) {
  return (
    <div className={styles.console}>
      <CountCell run={run} />
      <ProgressCell run={run} />
      <WayBack run={run} />
    </div>
  );
}

function CountCell({ run }: { run: Run }) {
  const t = useTranslations('runbook.console');
  const now = useRunNow(run);
  return (
    <section className={styles.cell} aria-label={t('count')}>
      {run.count === null ? (
        <p className={styles.noCount}>{t('noCount')}</p>
      ) : (
        <Countdown count={toCount(run, now, t('planned'))} />
      )}
      {run.count === null ? null : (
        <p className={styles.line}>
          {run.count.t0Ms === null ? (
            <>{t('t0Open')}</>
          ) : (
            <>
              T−0 <Time at={run.count.t0Ms} />
            </>
          )}
        </p>
      )}
      {run.mode === 'rehearsal' ? <p className={styles.line}>{t('ownClock')}</p> : null}
    </section>
  );
}

/** The count as the run has it; one that has ended stands where it ended. */
function toCount(
  { count, holds, endedAtMs, builtInHolds, startedAtMs, createdAtMs }: Run,
  nowMs: number,
  planned: string,
): Count {
  if (count === null) return { kind: 'moving', t0Ms: nowMs };
  if (endedAtMs !== null) return { kind: 'held', offsetMs: count.countMs, sinceMs: endedAtMs, reason: '' };
  if (count.isCounting) return { kind: 'moving', t0Ms: count.t0Ms ?? nowMs };
  const hold = holds.find(({ count: clock }) => clock === 'stops');
  const builtIn = builtInHolds.find(({ id }) => count.stops.some((stop) => stop.id === id));
  const until = count.stops[0]?.untilMs ?? null;
  const builtInSinceMs = until === null ? nowMs : until - (builtIn?.forMs ?? 0);
  // A run that is ordered in the middle of a planned hold is held since then.
  const sinceMs = hold?.sinceMs ?? Math.max(builtInSinceMs, startedAtMs ?? createdAtMs);
  return { kind: 'held', offsetMs: count.countMs, sinceMs, reason: hold?.reason ?? builtIn?.title ?? planned };
}

function ProgressCell({ run }: { run: Run }) {
  const t = useTranslations('runbook.console');
  const now = useRunNow(run);
  const { progress } = run;
  const { total, completed, skipped } = progress;
  return (
    <section className={styles.cell} aria-label={t('progress')}>
      <p className={styles.figure}>
        {progress.percent}
        <span className={styles.unit}>%</span>
      </p>
      <Progress label={t('progress')} done={completed + skipped} total={total} />
      <ul className={styles.counts}>
        {progress.running > 0 ? (
          <li>
            <Status of="running">{t('running', { count: progress.running })}</Status>
          </li>
        ) : null}
        {progress.waiting > 0 ? (
          <li>
            <Status of="waiting">{t('waiting', { count: progress.waiting })}</Status>
          </li>
        ) : null}
        {progress.failed > 0 ? (
          <li>
            <Status of="failed">{t('failed', { count: progress.failed })}</Status>
          </li>
        ) : null}
        {skipped > 0 ? (
          <li>
            <Status of="skipped">{t('skipped', { count: skipped })}</Status>
          </li>
        ) : null}
        {run.late.length > 0 ? (
          <li>
            <Status of="overdue">{t('late', { count: run.late.length })}</Status>
          </li>
        ) : null}
      </ul>
      <p className={styles.line}>
        {hasEnded(run) ? (
          <>
            {t('ended')} <Time at={run.endedAtMs ?? now} />
          </>
        ) : progress.etaMs === null ? (
          <>
            {progress.unmeasured.length > 0
              ? t('etaUnmeasured', { count: progress.unmeasured.length })
              : t('etaUnknown')}
          </>
        ) : (
          <>
            {t('eta')} <Time at={progress.etaMs} short /> ({t('in')} <Duration ms={Math.max(0, progress.etaMs - now)} />
            )
          </>
        )}
      </p>
    </section>
  );
}
