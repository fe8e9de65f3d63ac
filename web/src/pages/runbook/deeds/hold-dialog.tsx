import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { holdRun } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { Select } from '../../../kit/select.tsx';
import { DeedDialog } from './deed-dialog.tsx';
import styles from './deeds.module.css';

const whole = 'the run';

/** Keeps back what has not begun, or stops what runs too. A hold is never too late: it is not bound to a version. */
export function HoldDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.deed');
  const [subject, setSubject] = useState<string>(whole);
  const [mode, setMode] = useState<'boundary' | 'now'>('boundary');
  const [count, setCount] = useState<'stops' | 'runs'>('stops');
  const [kind, id] = subject.split(' ', 2);
  const send = ({ reason }: { reason: string }): Promise<unknown> =>
    holdRun({
      run: run.id,
      body: {
        reason,
        mode,
        count,
        expectedVersion: null,
        role: null,
        step: kind === 'step' ? (id ?? null) : null,
        asset: kind === 'asset' ? (id ?? null) : null,
      },
    });
  return (
    <DeedDialog
      run={run}
      title={t('hold.title')}
      verb={t('hold.verb')}
      done={t('hold.done')}
      onClose={onClose}
      send={send}
    >
      <div className={styles.choices}>
        <Select label={t('hold.what')} options={useSubjects(run)} value={subject} onChange={setSubject} />
        <Select
          label={t('hold.when')}
          value={mode}
          onChange={setMode}
          options={[
            { id: 'boundary', name: t('hold.boundary') },
            { id: 'now', name: t('hold.now') },
          ]}
        />
        <Select
          label={t('hold.count')}
          value={count}
          onChange={setCount}
          options={[
            { id: 'stops', name: t('hold.stops') },
            { id: 'runs', name: t('hold.runs') },
          ]}
        />
      </div>
      <p>{t(`hold.effect.${mode}`, { running: run.progress.running })}</p>
      <p>{t(`hold.effect.${count}`)}</p>
    </DeedDialog>
  );
}

function useSubjects({ steps }: Run): { id: string; name: string }[] {
  const t = useTranslations('runbook.deed');
  const open = steps.filter(({ part, run }) => part === 'forward' && !['done', 'skipped'].includes(run?.state ?? ''));
  const assets = [...new Set(steps.flatMap((step) => step.assets))].toSorted();
  return [
    { id: whole, name: t('hold.whole') },
    ...assets.map((id) => ({ id: `asset ${id}`, name: t('hold.asset', { id }) })),
    ...open.slice(0, 100).map(({ id, title }) => ({ id: `step ${id}`, name: t('hold.step', { title }) })),
  ];
}
