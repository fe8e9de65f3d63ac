import { useTranslations } from 'use-intl/react';

import {
  applyImport,
  approveImport,
  planImport,
  prepareImportApproval,
  rollBackImport,
} from '../../api/client.generated.ts';
import type { ImportBatch } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Row, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { ApproveDialog } from './approve-dialog.tsx';
import { BatchAccount, BatchMoves } from './batch-account.tsx';
import styles from './data.module.css';
import { useAsked } from './use-asked.ts';
import type { DatasetPlace } from './use-data.ts';
import { useDeed } from './use-deed.ts';

/** The newest import of a dataset with every record accounted for, and what can be done with it. */
export function BatchPanel(here: DatasetPlace) {
  const t = useTranslations('data.batch');
  const { at, place, dataset, rights } = here;
  const { isPending, attempt } = useDeed(place);
  const [batch] = dataset.batches;
  const isBusy = dataset.work?.endedAtMs === null;
  const plan =
    rights.includes('check.run') && dataset.target !== null ? (
      <Button
        isPending={isPending}
        isDisabled={isBusy}
        onPress={() => attempt(() => planImport({ ...at, body: { mode: 'full' } }))}
      >
        {t('plan')}
      </Button>
    ) : undefined;
  return (
    <Panel title={t('title')} actions={plan}>
      {batch === undefined ? (
        <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
      ) : (
        <Stack>
          <BatchAccount here={here} batch={batch} />
          {isBusy ? null : <Deeds here={here} batch={batch} />}
          <BatchMoves batch={batch} />
        </Stack>
      )}
    </Panel>
  );
}

function Deeds({ here, batch }: { here: DatasetPlace; batch: ImportBatch }) {
  const t = useTranslations('data.batch');
  const { at, rights, production } = here;
  const { state, faults, requester, gone } = batch;
  const { asked, ask, close, canApprove } = useAsked<'approve' | 'apply' | 'rollBack'>(here, requester);
  const isWriting = ['applying', 'failed'].includes(state);
  const isOpen = state === 'planned' && faults.length === 0;
  const canApply = state === 'approved' || isWriting || (isOpen && !production);
  const canUndo = isWriting || ['applied', 'verified'].includes(state);
  const deleted = gone?.deleted ?? 0;
  const its = { ...at, batch: batch.id };
  const body = { expectedVersion: state };
  return (
    <Row>
      {isOpen && production && !canApprove ? <span className={styles.muted}>{t('waits', { requester })}</span> : null}
      {isOpen && production && canApprove ? <Button onPress={() => ask('approve')}>{t('approve')}</Button> : null}
      {rights.includes('run.start') && canApply ? (
        <Button look="primary" onPress={() => ask('apply')}>
          {t(isWriting ? 'goOn' : 'apply')}
        </Button>
      ) : null}
      {rights.includes('run.cancel') && canUndo ? (
        <Button icon="undo" onPress={() => ask('rollBack')}>
          {t('rollBack')}
        </Button>
      ) : null}
      <ConfirmDialog
        title={t('apply')}
        verb={t('apply')}
        isDangerous={deleted > 0}
        isOpen={asked === 'apply'}
        onClose={close}
        onConfirm={() => applyImport({ ...its, body })}
      >
        <p>{t('confirmApply')}</p>
        {deleted > 0 ? <p>{t('confirmDelete', { count: deleted })}</p> : null}
      </ConfirmDialog>
      <ConfirmDialog
        title={t('rollBack')}
        verb={t('rollBack')}
        isDangerous
        isOpen={asked === 'rollBack'}
        onClose={close}
        onConfirm={() => rollBackImport({ ...its, body })}
      >
        {t('confirmRollBack')}
      </ConfirmDialog>
      {asked === 'approve' ? <Approve here={here} batch={batch} onClose={close} /> : null}
    </Row>
  );
}

function Approve({ here, batch, onClose }: { here: DatasetPlace; batch: ImportBatch; onClose: () => void }) {
  const t = useTranslations('data.batch');
  const { at, dataset } = here;
  const its = { ...at, batch: batch.id };
  const deleted = batch.gone?.deleted ?? 0;
  const says = {
    digest: batch.reportSha256.slice(0, 12),
    count: batch.planned.inserted + batch.planned.updated,
    source: dataset.source.on,
    target: dataset.target?.on ?? '',
  };
  return (
    <ApproveDialog
      onClose={onClose}
      prepare={(body) => prepareImportApproval({ ...its, body })}
      send={(body) => approveImport({ ...its, body })}
    >
      <p>{t('approveText', says)}</p>
      {deleted > 0 ? <p>{t('approveDelete', { count: deleted, target: says.target })}</p> : null}
    </ApproveDialog>
  );
}
