import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { DifferenceGroup } from '../../api/client.generated.ts';
import { Select } from '../../kit/select.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import styles from './data.module.css';
import { ValuePair } from './value-pair.tsx';

const all = '*';

/** Differences by cause and column: which there are, how many of each, and the first of the one that is open. */
export function Explorer({ groups }: { groups: readonly DifferenceGroup[] }) {
  const t = useTranslations('data.differences');
  const [cause, setCause] = useState(all);
  const [column, setColumn] = useState(all);
  const [opened, setOpened] = useState<string | null>(null);
  const tell = useCause();
  const shown = groups.filter(
    (group) => (cause === all || group.cause === cause) && (column === all || columnOf(group) === column),
  );
  const open = shown.find((group) => keyOf(group) === opened) ?? shown[0];
  const options = (ids: readonly string[], name: (id: string) => string) => [
    { id: all, name: t('any') },
    ...[...new Set(ids)].map((id) => ({ id, name: name(id) })),
  ];
  return (
    <>
      <div className={styles.part}>
        <div className={styles.filters}>
          <Select
            label={t('cause')}
            value={cause}
            onChange={setCause}
            options={options(
              groups.map((one) => one.cause),
              tell,
            )}
          />
          <Select
            label={t('column')}
            value={column}
            onChange={setColumn}
            options={options(groups.map(columnOf), (id) => (id === '' ? t('wholeRow') : id))}
          />
        </div>
      </div>
      <Causes groups={shown} selected={open === undefined ? null : keyOf(open)} onOpen={setOpened} />
      {open === undefined ? null : <Samples group={open} />}
    </>
  );
}

const columnOf = ({ column }: DifferenceGroup): string => column ?? '';
const keyOf = ({ cause, column }: DifferenceGroup): string => `${cause} ${column ?? ''}`;

function useCause(): (cause: string) => string {
  const t = useTranslations('data.differences.causes');
  return (cause) => (t.has(cause as 'value') ? t(cause as 'value') : cause);
}

function Causes({
  groups,
  selected,
  onOpen,
}: {
  groups: readonly DifferenceGroup[];
  selected: string | null;
  onOpen: (key: string) => void;
}) {
  const t = useTranslations('data.differences');
  const tell = useCause();
  const columns: Column<DifferenceGroup>[] = [
    { id: 'cause', name: t('cause'), sortBy: ({ cause }) => cause, cell: ({ cause }) => tell(cause) },
    { id: 'column', name: t('column'), sortBy: columnOf, cell: ({ column }) => column ?? t('wholeRow') },
    {
      id: 'count',
      name: t('count'),
      width: '90px',
      align: 'end',
      sortBy: ({ count }) => count,
      cell: ({ count }) => count,
    },
  ];
  return (
    <Table
      label={t('title')}
      rows={groups}
      rowKey={keyOf}
      columns={columns}
      selected={selected}
      onOpen={(group) => onOpen(keyOf(group))}
    />
  );
}

function Samples({ group }: { group: DifferenceGroup }) {
  const t = useTranslations('data.differences');
  const tell = useCause();
  const { cause, column, count, samples } = group;
  const said = { cause: tell(cause), shown: samples.length, count };
  const name = column === null ? t('sampleRows', said) : t('samples', { ...said, column });
  return (
    <section aria-label={name}>
      <h3 className={styles.part}>{name}</h3>
      <ul className={styles.pairs}>
        {samples.map(({ key, source, target }) => (
          <li key={JSON.stringify(key)} className={styles.pair}>
            <span>
              <span className={styles.name}>{t('key')}</span> <span className={styles.value}>{key.join(', ')}</span>
            </span>
            {column === null ? (
              <OneSide cause={cause} />
            ) : (
              <ValuePair names={[t('source'), t('target')]} values={[source, target]} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A row that is on one side only has no values beside each other. */
function OneSide({ cause }: { cause: string }) {
  const t = useTranslations('data.differences');
  const sides = [t('source'), t('target')];
  return sides.map((side, index) => (
    <span key={side}>
      <span className={styles.name}>{side}</span> {t((cause === 'missing') === (index === 0) ? 'there' : 'absent')}
    </span>
  ));
}
