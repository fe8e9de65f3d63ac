import { useTranslations } from 'use-intl/react';

import type { Worker } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { formatDuration } from '../../kit/format-duration.ts';
import { KeyValues } from '../../kit/key-values.tsx';
import { Row } from '../../kit/page.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './queue.module.css';
import { useWorkText } from './work-text.tsx';
import type { WorkerAct } from './worker-deed.tsx';

const looks: { readonly [state in Worker['state']]: StatusName } = {
  working: 'running',
  draining: 'held',
  silent: 'unknown',
};

/** One worker with what it does now. */
export function WorkerEntry({ worker, onAct }: { worker: Worker; onAct: (act: WorkerAct) => void }) {
  const t = useTranslations('queue');
  const { id, state, slots, silentMs, wish } = worker;
  const isDrained = wish === null ? state === 'draining' : wish.drain;
  return (
    <li className={styles.worker}>
      <div className={styles.head}>
        <strong className={styles.id}>{id}</strong>
        <Status of={looks[state]}>
          {state === 'silent' ? t('silent', { time: formatDuration(silentMs) }) : t(state)}
        </Status>
        <Badge>{t('wishSlots', { slots })}</Badge>
      </div>
      <Row>
        <Button look="quiet" aria-label={`${t('scale')}: ${id}`} onPress={() => onAct('scale')}>
          {t('scale')}
        </Button>
        <Button
          look="quiet"
          aria-label={`${t(isDrained ? 'resume' : 'drain')}: ${id}`}
          onPress={() => onAct(isDrained ? 'resume' : 'drain')}
        >
          {t(isDrained ? 'resume' : 'drain')}
        </Button>
      </Row>
      <div className={styles.facts}>
        <Facts worker={worker} />
      </div>
    </li>
  );
}

function Facts({ worker }: { worker: Worker }) {
  const t = useTranslations('queue');
  const { launches, version, startedAt, wish } = worker;
  const plans = launches.map(({ launch, planHash }) => `${launch} ${planHash.slice(0, 12)}`).join(', ');
  const wanted = wish === null ? [] : [{ name: t('wish'), value: <Wish wish={wish} /> }];
  return (
    <KeyValues
      items={[
        { name: t('doing'), value: <Jobs worker={worker} /> },
        { name: t('serves'), value: plans },
        ...wanted,
        { name: t('started'), value: <Time at={startedAt} /> },
        { name: t('version'), value: version },
      ]}
    />
  );
}

function Jobs({ worker: { jobs } }: { worker: Worker }) {
  const t = useTranslations('queue');
  const textOf = useWorkText();
  if (jobs.length === 0) return <span className={styles.muted}>{t('idle')}</span>;
  return (
    <ul className={styles.list}>
      {jobs.map(({ work, claimedAt }) => (
        <li key={`${work.run} ${work.does} ${work.step} ${claimedAt}`}>
          {textOf(work)} <span className={styles.muted}>{work.run}</span>
        </li>
      ))}
    </ul>
  );
}

function Wish({ wish }: { wish: NonNullable<Worker['wish']> }) {
  const t = useTranslations('queue');
  const slots = wish.slots === null ? t('wishWork') : t('wishSlots', { slots: wish.slots });
  const what = wish.drain ? t('wishDrain') : slots;
  return (
    <>
      {t('wishIs', { who: wish.person, what })}, <Time at={wish.at} short />
      <div className={styles.muted}>{wish.reason}</div>
    </>
  );
}
