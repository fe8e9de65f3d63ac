import { useTranslations } from 'use-intl/react';

import type { ReadShiftJournalAnswer, Shift } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { messages } from './messages.ts';
import styles from './rollouts.module.css';
import { useShiftJournal } from './use-shifts.ts';
import type { ShiftPlace } from './use-shifts.ts';

type Entry = ReadShiftJournalAnswer['items'][number];
type EntryKind = keyof typeof messages.journal.kinds;

function isEntry(kind: string): kind is EntryKind {
  return Object.hasOwn(messages.journal.kinds, kind);
}

/** What was seen, decided and set, each entry chained to the one before it; the newest first. */
export function JournalPanel({ at, shift }: { at: ShiftPlace; shift: Shift }) {
  const t = useTranslations('rollouts.journal');
  const query = useShiftJournal(at, shift.entries);
  const columns: Column<Entry>[] = [
    { id: 'at', name: t('at'), width: '1.2fr', cell: (entry) => <Time at={entry.at} short /> },
    {
      id: 'entry',
      name: t('entry'),
      width: '1fr',
      cell: ({ kind }) => (isEntry(kind) ? t(`kinds.${kind}`) : kind.replaceAll('_', ' ')),
    },
    {
      id: 'says',
      name: t('says'),
      priority: 2,
      width: '3fr',
      cell: ({ text }) => <span className={styles.says}>{text}</span>,
    },
  ];
  return (
    <Panel title={t('title')} aside={t('head', { head: shift.head.slice(0, 12) })} flush>
      <Answer query={query}>
        {({ items }) => (
          <Table
            label={t('title')}
            rows={items.toReversed()}
            rowKey={({ number }) => String(number)}
            columns={columns}
            empty={<EmptyState title={t('none')} />}
          />
        )}
      </Answer>
    </Panel>
  );
}
