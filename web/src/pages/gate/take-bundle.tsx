import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { readBundleAddress, sealDecision } from '../../api/client.generated.ts';
import type { GatePage } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { showToast } from '../../kit/toast.tsx';
import { useTry } from '../../kit/use-try.ts';

/** Seals the decision of now and saves it with all that it stands on, to be verified by others without this server. */
export function TakeBundle({ page, gate }: { page: GatePage; gate: string }) {
  const t = useTranslations('gate.bundle');
  const queryClient = useQueryClient();
  const { error, isPending, attempt } = useTry();
  const { launch, environment } = page;
  if (!page.rights.includes('audit.view') || !page.rights.includes('check.run')) return null;
  const take = async (): Promise<void> => {
    const { id, outcome } = await sealDecision({ launch, gate, environment, body: {} });
    save(readBundleAddress({ launch, id, environment }));
    showToast('pass', t('taken', { id: id.slice(0, 12), outcome: outcome.toUpperCase() }));
    await queryClient.invalidateQueries({ queryKey: ['launches', launch] });
  };
  return (
    <>
      <Button icon="download" isPending={isPending} onPress={() => attempt(take)}>
        {t('take')}
      </Button>
      {error === null ? null : <ErrorState error={error} />}
    </>
  );
}

/** Where the server says that what comes is to be saved, the page stays. */
function save(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
