import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { beginAcceptancePass, listAcceptancePasses } from '../../api/client.generated.ts';
import type { AcceptancePass } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { meQuery } from '../../api/me.ts';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { showToast } from '../../kit/toast.tsx';
import { useTry } from '../../kit/use-try.ts';
import { OwnPass } from './own-pass.tsx';
import { PassTable } from './pass-table.tsx';

export { messages } from './messages.ts';

/** The guided pass in which a person goes through their work once and signs for it, and the passes of everybody. */
export function Page() {
  const t = useTranslations('acceptance');
  const { launch } = useParams({ from: '/launches/$launch/acceptance' });
  const queryKey = ['launches', launch, 'acceptance'];
  useLive({ launch }, queryKey);
  const { data: me } = useQuery(meQuery);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => listAcceptancePasses({ launch }, { signal }),
    // What is shown to somebody is no event, and is found when it is looked for.
    refetchInterval: 5_000,
  });
  const person = me?.identity?.person ?? null;
  return (
    <PageFrame title={t('title')} lead={t('lead')}>
      <Answer query={query}>
        {({ items }) => (
          <Stack>
            <Own launch={launch} person={person} pass={items.find((one) => one.person === person)} />
            <Panel title={t('others')} aside={items.length} flush>
              <PassTable launch={launch} passes={items} />
            </Panel>
          </Stack>
        )}
      </Answer>
    </PageFrame>
  );
}

function Own({ launch, person, pass }: { launch: string; person: string | null; pass: AcceptancePass | undefined }) {
  const t = useTranslations('acceptance');
  const queryClient = useQueryClient();
  const { error, isPending, attempt } = useTry();
  const begin = async (): Promise<void> => {
    await beginAcceptancePass({ launch });
    await queryClient.invalidateQueries({ queryKey: ['launches', launch, 'acceptance'] });
    showToast('pass', t('begun'));
  };
  const isOpen = pass !== undefined && pass.endedAt === null;
  const button = (
    <Button look={isOpen ? 'plain' : 'primary'} isPending={isPending} onPress={() => attempt(begin)}>
      {isOpen ? t('again') : t('begin')}
    </Button>
  );
  return (
    <Panel title={t('own')} actions={person === null ? undefined : button} flush>
      {error === null ? null : <ErrorState error={error} />}
      {isOpen ? (
        <OwnPass pass={pass} />
      ) : (
        <EmptyState title={t('none')}>{person === null ? t('noPerson') : t('noneHint')}</EmptyState>
      )}
    </Panel>
  );
}
