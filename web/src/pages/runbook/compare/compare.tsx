import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { compareRuns, listLaunchRuns } from '../../../api/client.generated.ts';
import type { Run, RunComparison } from '../../../api/client.generated.ts';
import { useLive } from '../../../api/live.tsx';
import { Answer } from '../../../kit/answer.tsx';
import { Banner } from '../../../kit/banner.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { formatDuration } from '../../../kit/format-duration.ts';
import { Select } from '../../../kit/select.tsx';
import { Badge } from '../../../kit/status.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { toOffsetText } from '../timeline/offset-text.ts';
import { runKey } from '../use-run.ts';
import styles from './compare.module.css';

type Line = RunComparison['steps'][number];

/** Planned beside actual, and both beside another run: the newest rehearsal unless another is chosen. */
export function Compare({ run, onOpen }: { run: Run; onOpen: (step: string) => void }) {
  const t = useTranslations('runbook.compare');
  const others = useQuery({
    queryKey: ['launches', run.launch, 'runs', 'ended'],
    queryFn: ({ signal }) => listLaunchRuns({ launch: run.launch, limit: 50 }, { signal }),
  });
  return (
    <Answer query={others}>
      {({ items }) => {
        const fit = items.filter(({ id, procedure }) => id !== run.id && procedure === run.procedure);
        return fit.length === 0 ? (
          <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
        ) : (
          <Beside run={run} others={fit} onOpen={onOpen} />
        );
      }}
    </Answer>
  );
}

function Beside({
  run,
  others,
  onOpen,
}: {
  run: Run;
  others: readonly { id: string; mode: string; state: string; createdAtMs: number }[];
  onOpen: (step: string) => void;
}) {
  const t = useTranslations('runbook.compare');
  const newest = others.find(({ mode, state }) => mode === 'rehearsal' && state === 'completed') ?? others[0]!;
  const [chosen, setChosen] = useState(newest.id);
  const queryKey = [...runKey(run.id), 'compare', chosen];
  useLive({ run: run.id, types: ['step', 'execution'] }, queryKey);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => compareRuns({ run: run.id, with: chosen }, { signal }),
  });
  const options = others.map(({ id, mode, createdAtMs }) => ({
    id,
    name: `${id} (${mode}, ${new Date(createdAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC)`,
  }));
  return (
    <>
      <div className={styles.tools}>
        <Select label={t('with')} options={options} value={chosen} onChange={setChosen} />
      </div>
      <Answer query={query}>{(found) => <Lines found={found} onOpen={onOpen} />}</Answer>
    </>
  );
}

function Lines({ found, onOpen }: { found: RunComparison; onOpen: (step: string) => void }) {
  const t = useTranslations('runbook.compare');
  const columns = [...toPlannedColumns(t), ...toTookColumns(t)];
  return (
    <>
      {found.samePlan === false ? <Banner tone="unknown" icon="info" title={t('otherPlan')} /> : null}
      <Table
        label={t('label')}
        rows={found.steps}
        rowKey={({ step }) => step}
        columns={columns}
        onOpen={({ step }) => onOpen(step)}
      />
    </>
  );
}

type Texts = ReturnType<typeof useTranslations<'runbook.compare'>>;

function toPlannedColumns(t: Texts): Column<Line>[] {
  return [
    { id: 'step', name: t('step'), width: '2.4fr', cell: ({ title }) => title },
    {
      id: 'planned',
      name: t('planned'),
      width: '96px',
      align: 'end',
      priority: 3,
      cell: ({ planned }) => offset(planned.offsetMs),
    },
    {
      id: 'began',
      name: t('began'),
      width: '104px',
      align: 'end',
      priority: 2,
      cell: ({ run }) => offset(run?.offsetMs),
    },
    {
      id: 'beganThere',
      name: t('beganThere'),
      width: '104px',
      align: 'end',
      priority: 3,
      cell: ({ with: there }) => offset(there?.offsetMs),
    },
  ];
}

function toTookColumns(t: Texts): Column<Line>[] {
  return [
    {
      id: 'took',
      name: t('took'),
      width: '104px',
      align: 'end',
      sortBy: ({ run }) => run?.lengthMs ?? null,
      cell: ({ run }) => length(run?.lengthMs),
    },
    {
      id: 'tookThere',
      name: t('tookThere'),
      width: '112px',
      align: 'end',
      cell: ({ with: there }) => length(there?.lengthMs),
    },
    {
      id: 'difference',
      name: t('difference'),
      width: '112px',
      align: 'end',
      priority: 2,
      sortBy: ({ differenceMs }) => differenceMs,
      cell: (line) => <Difference line={line} />,
    },
  ];
}

/** A tenth more than there, and a second at least: less is no news. */
function Difference({ line: { differenceMs, with: there } }: { line: Line }) {
  if (differenceMs === null) return null;
  const text = `${differenceMs < 0 ? '\u2212' : '+'}${formatDuration(Math.abs(differenceMs))}`;
  const isMuch = differenceMs > 1_000 && differenceMs > (there?.lengthMs ?? 0) * 0.1;
  return isMuch ? <Badge tone="held">{text}</Badge> : <>{text}</>;
}

function offset(ms: number | null | undefined): string {
  return ms == null ? '' : toOffsetText(ms);
}

function length(ms: number | null | undefined): string {
  return ms == null ? '' : formatDuration(ms);
}
