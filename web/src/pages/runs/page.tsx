import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { readLaunch } from '../../api/client.generated.ts';
import type { Launch } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Page as PageFrame } from '../../kit/page.tsx';
import { OrderDialog } from './order-dialog.tsx';
import { Recurring } from './recurring.tsx';
import { RehearseDialog } from './rehearse-dialog.tsx';
import { Rehearsals } from './rehearsals.tsx';
import { RunLists } from './run-lists.tsx';

export { messages } from './messages.ts';

/** Every run of a launch: what is under way, what has ended, what was rehearsed; and starting another. */
export function Page() {
  const t = useTranslations('runs');
  const { launch } = useParams({ from: '/launches/$launch/runs' });
  const [asked, setAsked] = useState<'live' | 'rehearsal' | null>(null);
  const queryKey = ['launches', launch, 'document'];
  useLive({ launch, types: ['documents'] }, queryKey);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => readLaunch({ launch }, { signal }) });
  return (
    <PageFrame
      title={t('title')}
      lead={launch}
      actions={
        <>
          <Button icon="refresh" onPress={() => setAsked('rehearsal')}>
            {t('rehearse')}
          </Button>
          <Button look="primary" icon="go" onPress={() => setAsked('live')}>
            {t('start')}
          </Button>
        </>
      }
    >
      <Recurring launch={launch} />
      <RunLists launch={launch} />
      <Rehearsals launch={launch} />
      {asked === null ? null : <Asked asked={asked} query={query} onClose={() => setAsked(null)} />}
    </PageFrame>
  );
}

/** The window that was asked for; where the documents cannot be read, it says why. */
function Asked({
  asked,
  query,
  onClose,
}: {
  asked: 'live' | 'rehearsal';
  query: UseQueryResult<Launch>;
  onClose: () => void;
}) {
  const t = useTranslations('runs');
  if (query.data === undefined) {
    return (
      <Dialog title={t(asked === 'live' ? 'start' : 'rehearse')} isOpen onClose={onClose}>
        <Answer query={query}>{() => null}</Answer>
      </Dialog>
    );
  }
  return asked === 'live' ? (
    <OrderDialog launch={query.data} onClose={onClose} />
  ) : (
    <RehearseDialog launch={query.data} onClose={onClose} />
  );
}
