import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { readWayBack, takeBackRollout } from '../../api/client.generated.ts';
import type { WayBackAnswer } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { inEnvironment, launchKey } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Duration } from '../../kit/duration.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './rollouts.module.css';

const verdictLooks: Record<WayBackAnswer['verdict'], StatusName> = { yes: 'pass', person: 'held', nothing: 'planned' };

/** The answer as the server gives it, asked again as things move. */
export function useWayBack(place: LaunchPlace) {
  const queryKey = launchKey(place, 'way-back');
  useLive({ launch: place.launch, types: ['rollout', 'run', 'changed'] }, queryKey);
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => readWayBack({ launch: place.launch, ...inEnvironment(place) }, { signal }),
    refetchInterval: 15_000,
  });
}

/** Whether the launch can still go back, how long that takes by what was measured, until when, and what is lost. What nobody measured is said so. */
export function WayBackPanel({ place, mayTakeBack }: { place: LaunchPlace; mayTakeBack: boolean }) {
  const t = useTranslations('rollouts.wayBack');
  const query = useWayBack(place);
  return (
    <Panel title={t('title')}>
      <Answer query={query} rows={4}>
        {(answer) => (
          <div className={styles.wayBack}>
            <Status of={verdictLooks[answer.verdict]}>{t(`verdict.${answer.verdict}`)}</Status>
            {answer.reasons.length === 0 ? null : <Lines lines={answer.reasons} />}
            <Facts answer={answer} />
            {mayTakeBack ? <TakeBack place={place} answer={answer} /> : null}
          </div>
        )}
      </Answer>
    </Panel>
  );
}

function Facts({ answer: { traffic, points, procedures, drill, until, lost } }: { answer: WayBackAnswer }) {
  const t = useTranslations('rollouts.wayBack');
  return (
    <KeyValues
      items={[
        ...traffic.map(({ rollout, heard, setMs }) => ({
          name: t('traffic', { rollout }),
          value: <Traffic heard={heard} setMs={setMs} />,
        })),
        ...points.map(({ text, state, detail }) => ({
          name: t('point'),
          value: `${text}: ${t(`points.${state}`)} (${detail})`,
        })),
        ...procedures.map(({ procedure, p90Ms, gaps }) => ({
          name: t('procedure', { procedure }),
          value: p90Ms === null ? t('neverRun', { count: gaps.length }) : <Duration ms={p90Ms} />,
        })),
        { name: t('drill'), value: drill === null ? t('noDrill') : <Drill drill={drill} /> },
        { name: t('until'), value: until === null ? t('noEnd') : <Time at={until.at} /> },
        { name: t('lost'), value: lost.length === 0 ? t('nothingLost') : <Lines lines={lost} /> },
      ]}
    />
  );
}

type Heard = WayBackAnswer['traffic'][number]['heard'];

/** Each router with what it said, and when. */
function Traffic({ heard, setMs }: { heard: Heard; setMs: number | null }) {
  const t = useTranslations('rollouts.wayBack');
  return (
    <ul className={styles.lines}>
      {heard.map(({ router, weight, at, detail }) => (
        <li key={router}>
          {weight === null ? t('mute', { router, detail }) : t('heard', { router, weight })}{' '}
          {at === null ? null : <Time at={at} short />}
        </li>
      ))}
      <li>{setMs === null ? t('unmeasuredWeight') : t('weight', { ms: setMs })}</li>
    </ul>
  );
}

function Drill({ drill: { at, passed, current, rollbackMs } }: { drill: NonNullable<WayBackAnswer['drill']> }) {
  const t = useTranslations('rollouts.wayBack');
  return (
    <span className={styles.inLine}>
      <Status of={passed && current ? 'pass' : passed ? 'stale' : 'fail'}>
        {t(passed ? (current ? 'drilled' : 'otherCandidate') : 'drillFailed')}
      </Status>
      {rollbackMs === null ? null : <Duration ms={rollbackMs} />}
      <Time at={at} short />
    </span>
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className={styles.lines}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** One button for each rollout whose canary has traffic. */
function TakeBack({ place, answer: { traffic } }: { place: LaunchPlace; answer: WayBackAnswer }) {
  const t = useTranslations('rollouts.wayBack');
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const close = (): void => {
    setAsked(null);
    void client.invalidateQueries({ queryKey: ['launches', place.launch] });
  };
  return (
    <div className={styles.inLine}>
      {traffic
        .filter((one) => one.weight !== 0 || (one.asked ?? 0) > 0)
        .map(({ rollout }) => (
          <Button key={rollout} look="danger" icon="undo" onPress={() => setAsked(rollout)}>
            {t('takeBack', { rollout })}
          </Button>
        ))}
      {asked === null ? null : (
        <ConfirmDialog
          title={t('takeBack', { rollout: asked })}
          verb={t('takeBack', { rollout: asked })}
          isDangerous
          reasonLabel={t('why')}
          isOpen
          onClose={close}
          onConfirm={(reason) =>
            takeBackRollout({ launch: place.launch, rollout: asked, ...inEnvironment(place), body: { reason } })
          }
        >
          {t('takeBackText')}
        </ConfirmDialog>
      )}
    </div>
  );
}
