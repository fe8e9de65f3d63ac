import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Run } from '../../api/client.generated.ts';
import { Loading } from '../../kit/loading.tsx';
import { Badge } from '../../kit/status.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { runbookViews } from '../../shell/runbook-view.ts';
import type { RunbookView } from '../../shell/runbook-view.ts';
import { Approvals } from './approvals/approvals.tsx';
import type { Board } from './board.ts';
import { Compare } from './compare/compare.tsx';
import { PastHolds } from './past-holds.tsx';
import { StepEvents } from './step/step-events.tsx';
import { StepsTable } from './steps/steps-table.tsx';
import { Timeline } from './timeline/timeline.tsx';
import styles from './views.module.css';

// The library of the graph is a third of this page, and most never look at it.
const Graph = lazy(async () => ({ default: (await import('./graph/graph.tsx')).Graph }));

/** The same run, seen as time, as rows, as a graph, beside a rehearsal, by its approvals and by its events. */
export function Views({
  run,
  board,
  me,
  view,
  selected,
  onSee,
  onOpen,
}: {
  run: Run;
  board: Board;
  me: string | null;
  view: RunbookView;
  selected: string | null;
  onSee: (view: RunbookView) => void;
  onOpen: (step: string) => void;
}) {
  const t = useTranslations('runbook');
  const drawn = { board, selected, onOpen };
  const children = {
    timeline: <Timeline run={run} {...drawn} />,
    steps: <StepsTable {...drawn} />,
    graph: (
      <Suspense fallback={<Loading rows={8} />}>
        <Graph {...drawn} />
      </Suspense>
    ),
    compare: <Compare run={run} onOpen={onOpen} />,
    approvals: <Approvals run={run} me={me} />,
    events: (
      <>
        <PastHolds run={run} />
        <div className={styles.padded}>
          <StepEvents run={run} />
        </div>
      </>
    ),
  };
  const asides = { steps: <Badge>{board.steps.length}</Badge> };
  return (
    <div className={styles.views}>
      <Tabs
        label={t('views.label')}
        selected={view}
        onSelect={onSee}
        tabs={runbookViews.map((id) => ({
          id,
          name: t(`views.${id}`),
          ...(id === 'steps' ? { aside: asides.steps } : {}),
          children: <div className={styles.frame}>{children[id]}</div>,
        }))}
      />
    </div>
  );
}
