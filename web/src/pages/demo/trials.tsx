import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { spoilDemoShop } from '../../api/client.generated.ts';
import type { Demo } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Row, Stack } from '../../kit/page.tsx';
import { becomePerson } from '../../shell/become-person.ts';

/** An operator: may import, compare, and apply what another person has approved. */
const who = 'carol';

/** What can be tried with the orders beside the story: importing them where it harms nobody, and making one wrong to see it found. */
export function Trials({ demo: { launch, isFixed } }: { demo: Demo }) {
  const t = useTranslations('demo.trial');
  const client = useQueryClient();
  const router = useRouter();
  const spoil = useMutation({
    mutationFn: () => spoilDemoShop(),
    onSuccess: (demo) => client.setQueryData(['demo'], demo),
  });
  const look = useMutation({
    mutationFn: async (environment: string | null) => {
      await becomePerson(who);
      const search = environment === null ? {} : { environment };
      const params = { launch, dataset: 'orders' };
      location.assign(router.buildLocation({ to: '/launches/$launch/data/$dataset', params, search }).href);
    },
  });
  return (
    <Stack>
      <p>{t('import')}</p>
      <Row>
        <Button isPending={look.isPending && look.variables !== null} onPress={() => look.mutate('staging')}>
          {t('doImport')}
        </Button>
      </Row>
      <p>{t('spoil')}</p>
      <Row>
        <Button isDisabled={!isFixed} isPending={spoil.isPending} onPress={() => spoil.mutate()}>
          {t('doSpoil')}
        </Button>
        <Button isPending={look.isPending && look.variables === null} onPress={() => look.mutate(null)}>
          {t('doCompare')}
        </Button>
      </Row>
      {[spoil, look].map(({ error }, index) => (error === null ? null : <ErrorState key={index} error={error} />))}
    </Stack>
  );
}
