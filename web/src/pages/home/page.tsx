import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { readHome } from '../../api/client.generated.ts';
import type { Home } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import styles from './home.module.css';
import { Lane } from './lane.tsx';
import { Launches } from './launches.tsx';
import { Notices } from './notices.tsx';
import { SilentSources } from './silent-sources.tsx';

export { messages } from './messages.ts';

const queryKey = ['home'];

/** What needs whoever looks now, over all launches that they may see. */
export function Page() {
  const t = useTranslations('home');
  useLive({}, queryKey);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => readHome({ signal }),
    // Things become due by the clock, without anything happening.
    refetchInterval: 30_000,
  });
  return (
    <PageFrame title={t('title')}>
      <div className={styles.board}>
        <Answer query={query} rows={8}>
          {(home) => <Lanes home={home} />}
        </Answer>
        <Stack>
          <Launches />
          {query.data ? <Notices notices={query.data.notices} /> : null}
        </Stack>
      </div>
    </PageFrame>
  );
}

function Lanes({ home }: { home: Home }) {
  const t = useTranslations('home');
  const silent = home.sources.filter(({ trouble }) => trouble !== null);
  const hasOwn = home.lanes.some(({ lane, count }) => lane !== 'waiting' && count > 0);
  const isKnown = silent.length === 0;
  return (
    <Stack>
      {isKnown ? null : <SilentSources sources={silent} />}
      {hasOwn ? null : (
        <Panel title={isKnown ? t('nothing') : t('nothingKnown')} flush>
          <EmptyState title={isKnown ? t('nothing') : t('nothingKnown')}>
            {isKnown ? t('nothingHint') : t('nothingKnownHint')}
          </EmptyState>
        </Panel>
      )}
      {home.lanes.map((lane) => (
        <Lane key={lane.lane} lane={lane} items={home.items.filter((item) => item.lane === lane.lane)} />
      ))}
    </Stack>
  );
}
