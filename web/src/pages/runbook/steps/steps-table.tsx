import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { EmptyState } from '../../../kit/empty-state.tsx';
import { Search } from '../../../kit/search.tsx';
import { Select } from '../../../kit/select.tsx';
import { Table } from '../../../kit/table/table.tsx';
import type { Board, BoardStep } from '../board.ts';
import { filterSteps } from './filter-steps.ts';
import type { StepFilter, StepGroup } from './filter-steps.ts';
import styles from './steps-table.module.css';
import { useStepColumns } from './use-step-columns.tsx';

const groups = ['open', 'active', 'waiting', 'trouble', 'late', 'done'] as const;

/** Every step as a row: state, T-offset, who, how long, which attempt, and how late. */
export function StepsTable({
  board,
  selected,
  onOpen,
}: {
  board: Board;
  selected: string | null;
  onOpen: (step: string) => void;
}) {
  const t = useTranslations('runbook');
  const [filter, setFilter] = useState<StepFilter>({ text: '', group: null, person: null, phase: null });
  const rows = useMemo(() => filterSteps(board.steps, filter), [board.steps, filter]);
  const columns = useStepColumns(board);
  return (
    <>
      <Filters board={board} filter={filter} onChange={setFilter} shown={rows.length} />
      <Table
        label={t('table.label')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        selected={selected}
        onOpen={({ id }) => onOpen(id)}
        empty={<EmptyState title={t('table.none')}>{t('table.noneHint')}</EmptyState>}
      />
    </>
  );
}

function keyOf({ id }: BoardStep): string {
  return id;
}

function Filters({
  board,
  filter,
  onChange,
  shown,
}: {
  board: Board;
  filter: StepFilter;
  onChange: (filter: StepFilter) => void;
  shown: number;
}) {
  const t = useTranslations('runbook.table');
  const people = useMemo(() => [...new Set(board.steps.flatMap((step) => step.people))].toSorted(), [board.steps]);
  const pick = (key: 'group' | 'person' | 'phase') => (id: string) =>
    onChange({ ...filter, [key]: id === every ? null : id });
  return (
    <div className={styles.filters}>
      <Search label={t('search')} value={filter.text} onChange={(text) => onChange({ ...filter, text })} />
      <Select
        label={t('byState')}
        isLabelHidden
        value={filter.group ?? every}
        onChange={pick('group')}
        options={[
          { id: every, name: t('everyState') },
          ...groups.map((id: StepGroup) => ({ id, name: t(`group.${id}`) })),
        ]}
      />
      <Select
        label={t('byPerson')}
        isLabelHidden
        value={filter.person ?? every}
        onChange={pick('person')}
        options={[{ id: every, name: t('everybody') }, ...people.map((id) => ({ id, name: id }))]}
      />
      <Select
        label={t('byPhase')}
        isLabelHidden
        value={filter.phase ?? every}
        onChange={pick('phase')}
        options={[{ id: every, name: t('everyPhase') }, ...board.phases.map(({ id, title }) => ({ id, name: title }))]}
      />
      <span className={styles.shown} role="status">
        {t('shown', { shown, total: board.steps.length })}
      </span>
    </div>
  );
}

/** Stands for no filter; no id of a document has a space. */
const every = 'every one';
