import { useTranslations } from 'use-intl/react';

import { applyFix, approveFix, prepareFixApproval, undoFix } from '../../api/client.generated.ts';
import type { FixLine } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Row } from '../../kit/page.tsx';
import { ApproveDialog } from './approve-dialog.tsx';
import styles from './data.module.css';
import { useAsked } from './use-asked.ts';
import type { DatasetPlace } from './use-data.ts';

/** What can be done with a fix now, by whoever looks: approve, apply, undo. */
export function FixDeeds({ here, fix }: { here: DatasetPlace; fix: FixLine }) {
  const t = useTranslations('data.fix');
  const { at, rights } = here;
  const { state, changes, requester } = fix;
  const { asked, ask, close, canApprove } = useAsked<'approve' | 'apply' | 'undo'>(here, requester);
  const its = { ...at, fix: fix.id };
  const body = { expectedVersion: state };
  const isOpen = state === 'planned' && fix.faults.length === 0;
  const canUndo = ['applied', 'failed', 'undoing'].includes(state) && rights.includes('run.cancel');
  return (
    <Row>
      {isOpen && !canApprove ? <span className={styles.muted}>{t('waits', { requester })}</span> : null}
      {isOpen && canApprove ? <Button onPress={() => ask('approve')}>{t('approve')}</Button> : null}
      {['approved', 'applying'].includes(state) && rights.includes('run.start') ? (
        <Button onPress={() => ask('apply')}>{t(state === 'approved' ? 'apply' : 'goOn')}</Button>
      ) : null}
      {canUndo ? (
        <Button icon="undo" onPress={() => ask('undo')}>
          {t('undo')}
        </Button>
      ) : null}
      <ConfirmDialog
        title={t('apply')}
        verb={t('apply')}
        isOpen={asked === 'apply'}
        onClose={close}
        onConfirm={() => applyFix({ ...its, body })}
      >
        {t('confirmApply', { count: changes })}
      </ConfirmDialog>
      <ConfirmDialog
        title={t('undo')}
        verb={t('undo')}
        isDangerous
        isOpen={asked === 'undo'}
        onClose={close}
        onConfirm={() => undoFix({ ...its, body })}
      >
        {t('confirmUndo')}
      </ConfirmDialog>
      {asked === 'approve' ? <Approve here={here} fix={fix} onClose={close} /> : null}
    </Row>
  );
}

function Approve({ here: { at }, fix, onClose }: { here: DatasetPlace; fix: FixLine; onClose: () => void }) {
  const t = useTranslations('data.fix');
  const its = { ...at, fix: fix.id };
  return (
    <ApproveDialog
      onClose={onClose}
      prepare={(body) => prepareFixApproval({ ...its, body })}
      send={(body) => approveFix({ ...its, body })}
    >
      <p>{t('approveText', { count: fix.changes, table: `${fix.on} ${fix.table}` })}</p>
    </ApproveDialog>
  );
}
