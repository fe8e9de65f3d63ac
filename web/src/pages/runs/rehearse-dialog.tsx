import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { beginRehearsal } from '../../api/client.generated.ts';
import type { Launch } from '../../api/client.generated.ts';
import { DryRun } from '../../dry-run/dry-run.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Disclosure } from '../../kit/disclosure.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Select } from '../../kit/select.tsx';
import { showToast } from '../../kit/toast.tsx';
import { PlaceFields } from './place-fields.tsx';
import styles from './runs.module.css';
import { toOrderable } from './to-orderable.ts';
import { useAction } from './use-action.ts';
import { usePlan } from './use-plan.ts';
import type { Wish } from './use-plan.ts';

type Depth = 'quick' | 'full';

/** Begins a rehearsal where it harms nobody. It asks for no reason: nothing that counts is changed. */
export function RehearseDialog({ launch, onClose }: { launch: Launch; onClose: () => void }) {
  const t = useTranslations('runs.rehearsal');
  const places = launch.environments.filter(({ production }) => !production);
  const [wish, setWish] = useState<Wish>({
    launch: launch.id,
    procedure: toOrderable(launch)[0]?.id ?? '',
    environment: places[0]?.id ?? '',
  });
  const [depth, setDepth] = useState<Depth>('full');
  const plan = usePlan(wish);
  const { isPending, error, run } = useBegin({ ...wish, depth, version: plan.data?.version ?? '' }, onClose);
  if (places.length === 0) {
    return (
      <Dialog title={t('order')} isOpen onClose={onClose}>
        <EmptyState title={t('noPlace')} />
      </Dialog>
    );
  }
  const footer = (
    <Button look="primary" icon="refresh" isPending={isPending} isDisabled={plan.data === undefined} onPress={run}>
      {t('verb')}
    </Button>
  );
  return (
    <Dialog title={t('order')} isOpen onClose={onClose} footer={footer}>
      <div className={styles.form}>
        <PlaceFields launch={launch} places={places} wish={wish} onChange={setWish} />
        <DepthField depth={depth} onChange={setDepth} />
        <p>{t('effect', { environment: wish.environment })}</p>
        <Answer query={plan}>
          {(found) => (
            <Disclosure title={t('reading')}>
              <DryRun plan={found} />
            </Disclosure>
          )}
        </Answer>
        {error === null ? null : <ErrorState error={error} />}
      </div>
    </Dialog>
  );
}

function DepthField({ depth, onChange }: { depth: Depth; onChange: (depth: Depth) => void }) {
  const t = useTranslations('runs.rehearsal');
  return (
    <Select
      label={t('depth')}
      options={[
        { id: 'full', name: t('full') },
        { id: 'quick', name: t('quick') },
      ]}
      value={depth}
      onChange={onChange}
    />
  );
}

/** Begins it on the plan that was read: another one is refused. */
function useBegin(
  { launch, environment, procedure, depth, version }: Wish & { depth: Depth; version: string },
  onDone: () => void,
) {
  const t = useTranslations('runs.rehearsal');
  const queryClient = useQueryClient();
  return useAction(async () => {
    await beginRehearsal({ launch, environment, body: { procedure, depth, expectedVersion: version } });
    await queryClient.invalidateQueries({ queryKey: ['launches', launch, 'rehearsals'] });
    showToast('pass', t('begun'));
  }, onDone);
}
