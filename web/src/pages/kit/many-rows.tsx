import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { useState } from 'react';

interface Row {
  id: string;
  name: string;
  state: StatusName;
  owner: string;
  offset: number;
  atMs: number;
}

const states: readonly StatusName[] = ['done', 'running', 'waiting', 'failed', 'held', 'planned'];
const rows: readonly Row[] = Array.from({ length: 2_000 }, (_, index) => ({
  id: `S${String(index + 1).padStart(4, '0')}`,
  name: `Step ${index + 1} of the cutover, with a name of usual length`,
  state: states[index % states.length] ?? 'unknown',
  owner: ['ana', 'ben', 'chi'][index % 3] ?? '',
  offset: index * 7 - 7_200,
  atMs: Date.UTC(2026, 10, 21, 20, 0, index),
}));

const columns: Column<Row>[] = [
  { id: 'id', name: 'Step', width: '76px', sortBy: ({ id }) => id, cell: ({ id }) => <code>{id}</code> },
  { id: 'name', name: 'Name', width: '3fr', sortBy: ({ name }) => name, cell: ({ name }) => name },
  {
    id: 'state',
    name: 'State',
    width: '110px',
    sortBy: ({ state }) => state,
    cell: ({ state }) => <Status of={state} />,
  },
  { id: 'owner', name: 'Owner', width: '90px', priority: 2, sortBy: ({ owner }) => owner, cell: ({ owner }) => owner },
  {
    id: 'offset',
    name: 'T-offset',
    width: '100px',
    align: 'end',
    priority: 2,
    sortBy: ({ offset }) => offset,
    cell: ({ offset }) => `${offset} s`,
  },
  { id: 'at', name: 'At', width: '196px', priority: 3, cell: ({ atMs }) => <Time at={atMs} short /> },
];

/** A table of 2,000 rows. */
export function ManyRows() {
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <Table
      label="Steps"
      rows={rows}
      rowKey={({ id }) => id}
      columns={columns}
      selected={selected}
      onOpen={({ id }) => setSelected(id)}
    />
  );
}
