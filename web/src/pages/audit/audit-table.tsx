import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import type { AuditLine } from '../../api/client.generated.ts';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { AuditOutcome } from './audit-outcome.tsx';
import { toSubjectWords } from './subject-words.ts';

/** Rows of the audit; Enter or a press shows one whole. */
export function AuditTable({
  lines,
  chosen,
  onChoose,
  empty,
}: {
  lines: readonly AuditLine[];
  chosen: AuditLine | null;
  onChoose: (line: AuditLine) => void;
  empty: ReactNode;
}) {
  const t = useTranslations('audit');
  const columns: Column<AuditLine>[] = [
    { id: 'when', name: t('when'), width: 'clamp(96px, 34vw, 176px)', cell: ({ at }) => <Time at={at} short /> },
    { id: 'who', name: t('who'), width: '120px', priority: 2, cell: ({ person }) => person ?? t('nobody') },
    { id: 'what', name: t('what'), width: '1fr', cell: ({ what }) => what },
    {
      id: 'outcome',
      name: t('outcome'),
      width: 'clamp(92px, 8vw, 120px)',
      cell: ({ outcome }) => <AuditOutcome outcome={outcome} />,
    },
    {
      id: 'about',
      name: t('about'),
      width: '1.4fr',
      priority: 3,
      cell: ({ subjects: [first] }) => (first ? toSubjectWords(first, t) : ''),
    },
    { id: 'reason', name: t('reason'), width: '1.6fr', priority: 3, cell: ({ reason }) => reason },
  ];
  return (
    <Table
      label={t('title')}
      rows={lines}
      rowKey={({ id }) => id}
      columns={columns}
      selected={chosen?.id ?? null}
      onOpen={onChoose}
      empty={empty}
    />
  );
}
