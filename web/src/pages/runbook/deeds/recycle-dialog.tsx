import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { recycleRun } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { Select } from '../../../kit/select.tsx';
import { toOffsetText } from '../timeline/offset-text.ts';
import { DeedDialog } from './deed-dialog.tsx';
import styles from './deeds.module.css';

/** Takes the count back to a declared point; says which steps are done again, and which stay done. */
export function RecycleDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.deed');
  const [point, setPoint] = useState(run.recyclePoints[0]?.id ?? '');
  const atMs = run.recyclePoints.find(({ id }) => id === point)?.atMs ?? 0;
  const after = run.steps.filter(
    ({ part, offsetMs, run: own }) =>
      part === 'forward' && offsetMs !== null && offsetMs > atMs && own?.state === 'done',
  );
  const repeated = after.filter(({ onRecycle }) => onRecycle === 'repeat');
  const kept = after.filter(({ onRecycle }) => onRecycle === 'keep');
  return (
    <DeedDialog
      run={run}
      title={t('recycle.title')}
      verb={t('recycle.verb')}
      done={t('recycle.done')}
      isDangerous
      onClose={onClose}
      send={(said) => recycleRun({ run: run.id, body: { ...said, role: null, point } })}
    >
      <Select
        label={t('recycle.to')}
        value={point}
        onChange={setPoint}
        options={run.recyclePoints.map((one) => ({ id: one.id, name: `${toOffsetText(one.atMs)} ${one.title}` }))}
      />
      <p>{t('recycle.effect', { at: toOffsetText(atMs), count: repeated.length })}</p>
      {repeated.length === 0 ? null : (
        <ul className={styles.steps}>
          {repeated.map(({ id, title }) => (
            <li key={id}>{title}</li>
          ))}
        </ul>
      )}
      {kept.length === 0 ? null : <p className={styles.muted}>{t('recycle.kept', { count: kept.length })}</p>}
    </DeedDialog>
  );
}
