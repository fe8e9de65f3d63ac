import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { breakGlass } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { Banner } from '../../../kit/banner.tsx';
import { Button } from '../../../kit/button.tsx';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { useStepUp } from '../../../step-up/step-up-wish.ts';
import { hasEnded } from '../run-look.ts';
import { runKey } from '../use-run.ts';
import styles from './approvals.module.css';

/** The way round an approval, where a run waits for one: for whoever holds a right by broken glass, and for others how such a right is given. */
export function BreakGlass({ run }: { run: Run }) {
  const t = useTranslations('runbook.glass');
  const [isOpen, setIsOpen] = useState(false);
  if (hasEnded(run) || run.approvalLevel === 0 || run.approval !== null) return null;
  if (!run.rights.includes('approval.bypass'))
    return (
      <p className={styles.ask}>
        <span className={styles.muted}>{t('how')}</span>
        <Link to="/settings" search={{ tab: 'rights' }}>
          {t('where')}
        </Link>
      </p>
    );
  return (
    <div className={styles.ask}>
      <Button look="danger" icon="warning" onPress={() => setIsOpen(true)}>
        {t('verb')}
      </Button>
      {isOpen ? <Confirm run={run} onClose={() => setIsOpen(false)} /> : null}
    </div>
  );
}

function Confirm({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.glass');
  const queryClient = useQueryClient();
  const withStepUp = useStepUp();
  // The run as it was when the window opened: where it moved on meanwhile, the server refuses.
  const [seen] = useState(run);
  return (
    <ConfirmDialog
      title={t('title')}
      verb={t('verb')}
      isDangerous
      isOpen
      onClose={onClose}
      onConfirm={async () => {
        await withStepUp(() => breakGlass({ run: seen.id, body: { expectedVersion: seen.version } }));
        await queryClient.invalidateQueries({ queryKey: runKey(seen.id) });
        showToast('waiting', t('done'));
      }}
    >
      <Banner tone="fail" icon="warning" title={t('loud', { environment: seen.environment })}>
        {t('effect')}
      </Banner>
    </ConfirmDialog>
  );
}
