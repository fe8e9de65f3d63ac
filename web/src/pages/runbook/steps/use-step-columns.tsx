import { useMemo } from 'react';
import { useTranslations } from 'use-intl/react';

import { Duration, Since } from '../../../kit/duration.tsx';
import { formatDuration } from '../../../kit/format-duration.ts';
import { Badge, Status } from '../../../kit/status.tsx';
import type { Column } from '../../../kit/table/column.ts';
import type { Board, BoardStep } from '../board.ts';
import { stepLooks } from '../step-look.ts';
import { toOffsetText } from '../timeline/offset-text.ts';

/** The columns of the table of steps; the same ones as long as the phases and the language are. */
export function useStepColumns({ phases }: Pick<Board, 'phases'>): Column<BoardStep>[] {
  const t = useTranslations('runbook');
  return useMemo(() => {
    const names = new Map(phases.map(({ id, title }) => [id, title]));
    return [...toWhatColumns(t, names), ...toHowColumns(t)];
  }, [phases, t]);
}

type Texts = ReturnType<typeof useTranslations<'runbook'>>;

function toWhatColumns(t: Texts, phases: ReadonlyMap<string, string>): Column<BoardStep>[] {
  return [
    {
      id: 'state',
      name: t('table.state'),
      width: '172px',
      sortBy: ({ state }) => state,
      cell: ({ state }) => <Status of={stepLooks[state].status}>{t(`stepState.${state}`)}</Status>,
    },
    { id: 'title', name: t('table.step'), width: '3fr', sortBy: ({ title }) => title, cell: ({ title }) => title },
    {
      id: 'offset',
      name: t('table.offset'),
      width: '96px',
      align: 'end',
      priority: 2,
      sortBy: ({ offsetMs }) => offsetMs,
      cell: ({ offsetMs }) => (offsetMs === null ? '' : toOffsetText(offsetMs)),
    },
    {
      id: 'who',
      name: t('table.who'),
      width: '1.4fr',
      priority: 2,
      sortBy: ({ role }) => role,
      cell: ({ people, human }) => (human ? people.join(', ') : t('table.worker')),
    },
    {
      id: 'phase',
      name: t('table.phase'),
      width: '1.2fr',
      priority: 3,
      cell: ({ phase, part }) => (part === 'undo' ? t('wayBack') : (phases.get(phase ?? '') ?? '')),
    },
  ];
}

function toHowColumns(t: Texts): Column<BoardStep>[] {
  return [
    {
      id: 'length',
      name: t('table.length'),
      width: '104px',
      align: 'end',
      priority: 2,
      sortBy: lengthOf,
      cell: (step) => <Length step={step} />,
    },
    {
      id: 'late',
      name: t('table.late'),
      width: '112px',
      align: 'end',
      priority: 2,
      sortBy: ({ lateMs }) => lateMs,
      cell: ({ lateMs }) => (lateMs === null ? '' : <Badge tone="held">+{formatDuration(lateMs)}</Badge>),
    },
    {
      id: 'attempt',
      name: t('table.attempt'),
      width: '80px',
      align: 'end',
      priority: 3,
      sortBy: ({ attempt }) => attempt,
      cell: ({ attempt }) => (attempt === 0 ? '' : attempt),
    },
  ];
}

function lengthOf({ actual }: BoardStep): number | null {
  return actual?.endMs == null ? null : actual.endMs - actual.beginMs;
}

function Length({ step }: { step: BoardStep }) {
  const { actual } = step;
  const length = lengthOf(step);
  if (actual === null) return null;
  return length === null ? <Since at={actual.beginMs} /> : <Duration ms={length} />;
}
