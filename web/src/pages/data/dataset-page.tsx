import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { ListDatasetsAnswer } from '../../api/client.generated.ts';
import { inEnvironment } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Columns, Page as PageFrame, Stack } from '../../kit/page.tsx';
import { ArchivesPanel } from './archives-panel.tsx';
import { BatchPanel } from './batch-panel.tsx';
import { CriteriaPanel } from './criteria-panel.tsx';
import { DifferencesPanel } from './differences-panel.tsx';
import { DrillsPanel } from './drills-panel.tsx';
import { FixPanel } from './fix-panel.tsx';
import { Way } from './page.tsx';
import { useDatasets, useRefreshAfterWork } from './use-data.ts';
import type { DatasetPlace } from './use-data.ts';
import { Work } from './work.tsx';

export { messages } from './messages.ts';

/** One dataset: its import accounted for, what differs, how that is repaired, and whether it was ever restored. */
export function Page() {
  const t = useTranslations('data');
  const { launch, dataset } = useParams({ from: '/launches/$launch/data/$dataset' });
  const { environment } = useSearch({ from: '/launches/$launch/data/$dataset' });
  const place: LaunchPlace = { launch, environment };
  const query = useDatasets(place);
  const found = query.data?.items.find(({ id }) => id === dataset);
  return (
    <PageFrame title={found?.title ?? t('title')} {...(found ? { lead: <Way one={found} /> } : {})}>
      <Answer query={query}>{(answer) => <Found answer={answer} place={place} id={dataset} />}</Answer>
    </PageFrame>
  );
}

function Found({ answer, place, id }: { answer: ListDatasetsAnswer; place: LaunchPlace; id: string }) {
  const t = useTranslations('data');
  const dataset = answer.items.find((one) => one.id === id);
  if (dataset === undefined) return <EmptyState title={t('unknownDataset', { id })} />;
  const { rights, production } = answer;
  const at = { launch: place.launch, dataset: id, ...inEnvironment(place) };
  return <Parts {...{ at, place, dataset, rights, production }} />;
}

function Parts(here: DatasetPlace) {
  const t = useTranslations('data');
  useRefreshAfterWork(here);
  return (
    <Stack>
      <Work {...here} />
      {here.rights.includes('check.run') ? null : (
        <Banner tone="waiting" icon="info" title={t('title')}>
          {t('noRight')}
        </Banner>
      )}
      <Columns>
        <BatchPanel {...here} />
        <CriteriaPanel {...here} />
      </Columns>
      {here.dataset.target === null ? null : <DifferencesPanel {...here} />}
      {here.dataset.target === null ? null : <FixPanel {...here} />}
      <ArchivesPanel {...here} />
      <DrillsPanel {...here} />
    </Stack>
  );
}
