import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Columns, Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import { DifferencesPanel } from './differences-panel.tsx';
import { EvidenceChart } from './evidence-chart.tsx';
import { Exposed } from './exposed.tsx';
import { JournalPanel } from './journal-panel.tsx';
import { isOver, standingLooks } from './looks.ts';
import { MeasuresPanel } from './measures-panel.tsx';
import { PhaseStrip } from './phase-strip.tsx';
import { ReportsPanel } from './reports-panel.tsx';
import { RoutersPanel } from './routers-panel.tsx';
import styles from './rollouts.module.css';
import { ShiftDeeds } from './shift-deeds.tsx';
import { useRollouts, useShift } from './use-shifts.ts';
import type { ShiftPlace } from './use-shifts.ts';

export { messages } from './messages.ts';

/** One shift of traffic: where it stands and why, what was measured on both arms, how many requests were exposed, and what people can do. */
export function Page() {
  const t = useTranslations('rollouts');
  const { launch, shift } = useParams({ from: '/launches/$launch/rollouts/$shift' });
  const { environment } = useSearch({ from: '/launches/$launch/rollouts/$shift' });
  const place: LaunchPlace = { launch, environment };
  const at: ShiftPlace = { place, shift };
  const query = useShift(at);
  const rights = useRollouts(place).data?.rights ?? [];
  const { data } = query;
  const says = {
    candidate: data?.candidateSha256.slice(0, 12) ?? '',
    person: data?.requester ?? '',
    reason: data?.reason ?? '',
  };
  return (
    <PageFrame
      title={t('shift.title', { rollout: data?.rollout ?? shift })}
      {...(data ? { lead: t('shift.lead', says) } : {})}
      {...(data ? { actions: <ShiftDeeds at={at} shift={data} rights={rights} /> } : {})}
      {...(data && data.broken !== null ? { banner: <Broken entry={data.broken} /> } : {})}
    >
      <Answer query={query} rows={10}>
        {(found) => <ShiftView at={at} shift={found} />}
      </Answer>
    </PageFrame>
  );
}

function Broken({ entry }: { entry: number }) {
  const t = useTranslations('rollouts.shift');
  return (
    <Banner tone="fail" icon="warning" title={t('journalBroken', { entry })}>
      {t('journalBrokenText')}
    </Banner>
  );
}

function ShiftView({ at, shift }: { at: ShiftPlace; shift: Shift }) {
  return (
    <Stack>
      <Now shift={shift} />
      <EvidenceChart at={at} shift={shift} />
      <MeasuresPanel shift={shift} />
      {shift.differences === null ? null : <DifferencesPanel differences={shift.differences} />}
      <Columns>
        <ReportsPanel shift={shift} />
        <RoutersPanel shift={shift} />
      </Columns>
      <JournalPanel at={at} shift={shift} />
    </Stack>
  );
}

/** Where it stands in one look: weight, standing in words, phases, exposed requests, and what it waits for. */
function Now({ shift }: { shift: Shift }) {
  const t = useTranslations('rollouts');
  return (
    <Panel
      title={t('shift.now')}
      aside={<Status of={standingLooks[shift.stands]}>{t(`stands.${shift.stands}`)}</Status>}
    >
      <div className={styles.now}>
        <div className={styles.big}>
          <span className={styles.bigWeight}>{t('percent', { weight: shift.weight })}</span>
          <span className={styles.muted}>{t('shift.weight')}</span>
        </div>
        <div className={styles.words}>
          <p className={styles.headline}>{shift.headline}</p>
          <p className={styles.muted}>
            {t('shift.exposedInAll')}: <Exposed of={shift.exposed} />
          </p>
          {!isOver(shift) ? <Waits shift={shift} /> : null}
        </div>
      </div>
      <PhaseStrip shift={shift} />
    </Panel>
  );
}

function Waits({ shift: { waits } }: { shift: Shift }) {
  const t = useTranslations('rollouts.shift');
  if (waits.length === 0) return <p>{t('waitsForNothing')}</p>;
  return (
    <ul className={styles.waits} aria-label={t('waitsFor')}>
      {waits.map(({ text, unblock, who }) => (
        <li key={text}>
          {text} <span className={styles.muted}>{t('who', { who, unblock })}</span>
        </li>
      ))}
    </ul>
  );
}
