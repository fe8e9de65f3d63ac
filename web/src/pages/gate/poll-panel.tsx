import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import { callPoll, endPoll } from '../../api/client.generated.ts';
import type { CastVote, GatePage, Poll } from '../../api/client.generated.ts';
import type { GateScene } from '../../decide/action-list.tsx';
import { inEnvironment, launchKey } from '../../decide/use-gate.ts';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { useNow } from '../../kit/clock.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { formatClock } from '../../kit/format-duration.ts';
import { Row, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Select } from '../../kit/select.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { showToast } from '../../kit/toast.tsx';
import styles from './gate.module.css';

/** The roll of the gate: each wanted role with its vote, dissent as well, what no longer counts, and the poll with its time. */
export function PollPanel({
  scene,
  seen,
  isOff,
  vote,
}: {
  scene: GateScene;
  seen: string;
  isOff: boolean;
  vote: ReactNode;
}) {
  const t = useTranslations('gate.poll');
  const { roll, poll, rights } = scene.page;
  const aside = (
    <>
      {t('quorum', { go: roll.go, quorum: roll.quorum })}
      {roll.noGo === 0 ? null : `, ${t('dissent', { count: roll.noGo })}`}
    </>
  );
  return (
    <Panel title={t('title')} aside={aside} actions={vote} flush>
      {roll.seats.length === 0 ? <EmptyState title={t('noSeat')} /> : <Seats roll={roll} />}
      {roll.canBeFilled ? null : (
        <Banner tone="fail" icon="people" title={t('cannot')}>
          {null}
        </Banner>
      )}
      <div className={styles.poll}>
        <Stack>
          <PollLine poll={poll} />
          {rights.includes('poll.call') ? <PollDeeds scene={scene} seen={seen} isOff={isOff} /> : null}
        </Stack>
      </div>
      {roll.voided.length === 0 ? null : <Voided votes={roll.voided} />}
    </Panel>
  );
}

function Seats({ roll }: { roll: GatePage['roll'] }) {
  const t = useTranslations('gate.poll');
  return (
    <ul className={styles.seats} aria-label={t('title')}>
      {roll.seats.map(({ role, people, vote }, index) => (
        <li key={vote?.id ?? `${role ?? ''} ${index}`} className={styles.seat}>
          <span className={styles.role}>{role ?? t('any')}</span>
          {vote === null ? (
            <>
              <Status of="waiting">{t('waiting')}</Status>
              <span className={styles.muted}>{people.length === 0 ? t('nobody') : people.join(', ')}</span>
            </>
          ) : (
            <Said vote={vote} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Said({ vote: { vote, person, comment, signedAt } }: { vote: CastVote }) {
  const t = useTranslations('gate.poll');
  return (
    <>
      {vote === 'go' ? <Status of="go">{t('go')}</Status> : <Status of="noGo">{t('noGo')}</Status>}
      <span className={styles.said}>
        <span>{person}</span> {comment === '' ? null : <q>{comment}</q>}{' '}
        <span className={styles.muted}>
          <Time at={signedAt} short />
        </span>
      </span>
    </>
  );
}

function PollLine({ poll }: { poll: Poll | null }) {
  const t = useTranslations('gate.poll');
  const now = useNow();
  if (poll === null) return <p className={styles.muted}>{t('none')}</p>;
  const { state, openedBy: who, closesAtMs, closedBy } = poll;
  if (state === 'stale')
    return (
      <Banner tone="held" icon="stale" title={t('stale')}>
        {null}
      </Banner>
    );
  if (state === 'closed') return <p className={styles.muted}>{t('closed', { who, by: closedBy ?? '' })}</p>;
  const left = closesAtMs - now;
  if (state === 'ended' || left <= 0) return <p className={styles.muted}>{t('ended', { who })}</p>;
  return (
    <p className={styles.running} role="timer">
      <Status of="running">{t('open', { who })}</Status> <strong className={styles.left}>{formatClock(left)}</strong>
    </p>
  );
}

const lengths = ['5', '10', '15', '30', '60'] as const;

function PollDeeds({ scene, seen, isOff }: { scene: GateScene; seen: string; isOff: boolean }) {
  const t = useTranslations('gate.poll');
  const client = useQueryClient();
  const { place, page } = scene;
  const [minutes, setMinutes] = useState<(typeof lengths)[number]>('10');
  const [isPending, setIsPending] = useState(false);
  const at = { launch: place.launch, gate: place.gate, ...inEnvironment(place) };
  const attempt = async (deed: () => Promise<unknown>): Promise<void> => {
    setIsPending(true);
    try {
      await deed();
    } catch (error) {
      showToast('fail', error instanceof Error ? error.message : String(error));
    } finally {
      setIsPending(false);
      await client.invalidateQueries({ queryKey: launchKey(place, 'gates', place.gate) });
    }
  };
  if (page.poll?.state === 'open') {
    return (
      <Row>
        <Button isPending={isPending} onPress={() => void attempt(() => endPoll(at))}>
          {t('end')}
        </Button>
      </Row>
    );
  }
  const call = () => callPoll({ ...at, body: { seen, seconds: Number(minutes) * 60 } });
  const options = lengths.map((id) => ({ id, name: t('minutes', { count: Number(id) }) }));
  return (
    <Row>
      <Select label={t('length')} isLabelHidden options={options} value={minutes} onChange={setMinutes} />
      <Button icon="bell" isPending={isPending} isDisabled={isOff} onPress={() => void attempt(call)}>
        {t('call')}
      </Button>
    </Row>
  );
}

function Voided({ votes }: { votes: readonly CastVote[] }) {
  const t = useTranslations('gate.poll');
  return (
    <div className={styles.voided}>
      <h3>{t('voided')}</h3>
      <ul className={styles.lines}>
        {votes.map(({ id, person, role, vote, voidBecause, signedAt }) => (
          <li key={id}>
            <Status of="superseded">{t('voidedOf', { person, role, vote })}</Status> <span>{voidBecause}</span>{' '}
            <span className={styles.muted}>
              <Time at={signedAt} short />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
