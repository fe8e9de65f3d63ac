import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { resumeRun } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { Select } from '../../../kit/select.tsx';
import { DeedDialog } from './deed-dialog.tsx';
import styles from './deeds.module.css';
import { toResumable } from './to-resumable.ts';

/** Lifts one hold; the others stay, which is said. */
export function ResumeDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.deed');
  const holds = toResumable(run);
  const [chosen, setChosen] = useState(holds[0]?.id ?? '');
  const own = run.holds.find(({ id }) => id === chosen);
  const send = ({ reason, expectedVersion }: { reason: string; expectedVersion: string }): Promise<unknown> =>
    resumeRun({ run: run.id, body: { hold: chosen, reason, expectedVersion, role: null } });
  return (
    <DeedDialog
      run={run}
      title={t('release.title')}
      verb={t('release.verb')}
      done={t('release.done')}
      onClose={onClose}
      send={send}
    >
      {holds.length > 1 ? (
        <Select
          label={t('release.which')}
          value={chosen}
          onChange={setChosen}
          options={holds.map(({ id, reason }) => ({ id, name: reason }))}
        />
      ) : (
        <p>{holds[0]?.reason}</p>
      )}
      <p>{t('release.effect')}</p>
      {own?.count === 'stops' ? <p>{t('release.moved')}</p> : null}
      {holds.length > 1 ? <p className={styles.muted}>{t('release.others', { count: holds.length - 1 })}</p> : null}
    </DeedDialog>
  );
}
