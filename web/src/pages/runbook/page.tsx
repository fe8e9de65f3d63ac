import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Run } from '../../api/client.generated.ts';
import { meQuery } from '../../api/me.ts';
import { Answer } from '../../kit/answer.tsx';
import { Page as PageFrame } from '../../kit/page.tsx';
import type { RunbookView } from '../../shell/runbook-view.ts';
import { Console } from './console.tsx';
import { ModeStrip } from './mode-strip.tsx';
import { RunBanners } from './run-banners.tsx';
import { RunDeeds } from './deeds/run-deeds.tsx';
import { RunLead } from './run-lead.tsx';
import styles from './page.module.css';
import { StepPanel } from './step/step-panel.tsx';
import { useBoard } from './use-board.ts';
import { useRun } from './use-run.ts';
import { Views } from './views.tsx';
import { Waits } from './waits.tsx';

export { messages } from './messages.ts';

/** One run: what happens, what it waits for, and what can be done about it. */
export function Page() {
  const t = useTranslations('runbook');
  const { run: id } = useParams({ from: '/launches/$launch/runs/$run' });
  const query = useRun(id);
  const { data: me } = useQuery(meQuery);
  if (query.data !== undefined && !query.isError) {
    return <RunPage key={id} run={query.data} me={me?.identity?.person ?? null} />;
  }
  return (
    <PageFrame title={query.data?.title ?? t('title')} lead={<code>{id}</code>}>
      <Answer query={query} rows={8}>
        {(run) => <RunBody run={run} me={me?.identity?.person ?? null} />}
      </Answer>
    </PageFrame>
  );
}

function RunPage({ run, me }: { run: Run; me: string | null }) {
  const t = useTranslations('runbook');
  return (
    <PageFrame
      title={t(`heading.${run.mode}`, { title: run.title })}
      lead={<RunLead run={run} />}
      actions={<RunDeeds run={run} me={me} />}
      banner={<RunBanners run={run} />}
    >
      <RunBody run={run} me={me} />
    </PageFrame>
  );
}

function RunBody({ run, me }: { run: Run; me: string | null }) {
  const { step: chosen = null, view = 'timeline' } = useSearch({ from: '/launches/$launch/runs/$run' });
  const navigate = useNavigate({ from: '/launches/$launch/runs/$run' });
  const board = useBoard(run);
  const go = useMemo(
    () => ({
      open: (step: string) => void navigate({ search: (now) => ({ ...now, step }), resetScroll: false }),
      close: () =>
        void navigate({ search: ({ view: seen }) => (seen === undefined ? {} : { view: seen }), resetScroll: false }),
      see: (to: RunbookView) =>
        void navigate({ search: (now) => ({ ...now, view: to }), resetScroll: false, replace: true }),
    }),
    [navigate],
  );
  const step = board.steps.find(({ id }) => id === chosen) ?? null;
  return (
    <>
      <ModeStrip run={run} />
      <Console run={run} />
      <Waits run={run} me={me} onOpen={go.open} />
      <div className={step === null ? styles.whole : styles.split}>
        <div className={styles.views}>
          <Views {...{ run, board, me, view, selected: chosen, onSee: go.see, onOpen: go.open }} />
        </div>
        {step === null ? null : (
          <div className={styles.detail}>
            <StepPanel key={step.id} run={run} step={step} me={me} onClose={go.close} />
          </div>
        )}
      </div>
    </>
  );
}
