import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Launch, Outlook } from '../../api/client.generated.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { useNow } from '../../kit/clock.ts';
import { Countdown } from '../../kit/countdown.tsx';
import type { Count } from '../../kit/countdown.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { GateLines } from './gate-cards.tsx';
import styles from './launch.module.css';
import { WayBack } from './way-back.tsx';

/** What everybody looks at first: the time against T-0, whether one can go, and whether one could still go back. */
export function Hero({
  place,
  launch,
  outlook,
}: {
  place: LaunchPlace;
  launch: Launch;
  outlook: UseQueryResult<Outlook>;
}) {
  const t = useTranslations('launch');
  return (
    <div className={styles.hero}>
      <section className={styles.cell} aria-label={t('count.title')}>
        <Answer query={outlook} rows={2}>
          {({ run }) => <CountOf launch={launch} run={run} />}
        </Answer>
      </section>
      <section className={styles.cell} aria-label={t('verdict')}>
        <h2 className={styles.small}>{t('verdict')}</h2>
        <GateLines place={place} launch={launch} />
      </section>
      <section className={styles.cell} aria-label={t('back.title')}>
        <h2 className={styles.small}>{t('back.title')}</h2>
        <Answer query={outlook} rows={2}>
          {(of) => <WayBack outlook={of} />}
        </Answer>
      </section>
    </div>
  );
}

function CountOf({ launch, run }: { launch: Launch; run: Outlook['run'] }) {
  const t = useTranslations('launch.count');
  const now = useNow();
  const t0Ms = run?.t0Ms ?? (launch.t0 === null ? null : Date.parse(launch.t0));
  const heading = <h2 className={styles.small}>{t('title')}</h2>;
  if (t0Ms === null) {
    return (
      <>
        {heading}
        <p className={styles.strong}>{t('none')}</p>
        <p className={styles.muted}>{t('noneHint')}</p>
      </>
    );
  }
  return (
    <>
      {heading}
      <Countdown count={toCount(run, t0Ms)} />
      <p className={styles.muted}>
        <Time at={t0Ms} />{' '}
        {run === null ? (
          t('document')
        ) : (
          <Link to="/launches/$launch/runs/$run" params={{ launch: launch.id, run: run.id }}>
            {t('run', { run: run.title })}
          </Link>
        )}
      </p>
      {run === null && t0Ms < now ? (
        <p>
          <Status of="warning">{t('passed')}</Status>
        </p>
      ) : null}
    </>
  );
}

function toCount(run: Outlook['run'], t0Ms: number): Count {
  if (run === null || run.isCounting || run.countMs === null) return { kind: 'moving', t0Ms };
  const [hold] = run.holds;
  return { kind: 'held', offsetMs: run.countMs, sinceMs: hold?.sinceMs ?? Date.now(), reason: hold?.reason ?? '' };
}
