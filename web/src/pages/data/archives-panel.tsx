import { useFormatter, useTranslations } from 'use-intl/react';

import { drillArchive, exportDataset } from '../../api/client.generated.ts';
import type { Dataset } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import type { DatasetPlace } from './use-data.ts';
import { useDeed } from './use-deed.ts';

type Archive = Dataset['archives'][number];

/** Archives that the server wrote of a dataset, each with the deed that proves it. */
export function ArchivesPanel({ at, place, dataset, rights }: DatasetPlace) {
  const t = useTranslations('data.drills');
  const format = useFormatter();
  const { isPending, attempt } = useDeed(place);
  const isBusy = isPending || dataset.work?.endedAtMs === null;
  const columns: Column<Archive>[] = [
    { id: 'written', name: t('written'), cell: ({ writtenAt }) => <Time at={writtenAt} short /> },
    {
      id: 'size',
      name: t('size'),
      width: '110px',
      priority: 2,
      align: 'end',
      cell: ({ bytes }) => format.number(bytes, { style: 'unit', unit: 'byte', unitDisplay: 'narrow' }),
    },
    {
      id: 'digest',
      name: t('digest'),
      priority: 3,
      cell: ({ sha256 }) => (sha256 === null ? t('noDigest') : <code title={sha256}>{sha256.slice(0, 16)}</code>),
    },
  ];
  if (rights.includes('run.start')) {
    columns.push({
      id: 'deed',
      name: t('deed'),
      width: '220px',
      align: 'end',
      cell: ({ name }) => (
        <Button isDisabled={isBusy} onPress={() => attempt(() => drillArchive({ ...at, body: { archive: name } }))}>
          {t('restore')}
        </Button>
      ),
    });
  }
  const empty = <EmptyState title={t('noArchive')}>{t('noArchiveHint')}</EmptyState>;
  const write = (
    <Button isDisabled={isBusy} onPress={() => attempt(() => exportDataset({ ...at, body: {} }))}>
      {t('export')}
    </Button>
  );
  return (
    <Panel title={t('archives')} {...(rights.includes('run.start') ? { actions: write } : {})} flush>
      <Table
        label={t('archives')}
        rows={dataset.archives}
        rowKey={({ name }) => name}
        columns={columns}
        empty={empty}
      />
    </Panel>
  );
}
