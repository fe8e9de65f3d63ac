import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { retargetRun } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { formatDuration } from '../../../kit/format-duration.ts';
import { TextField } from '../../../kit/text-field.tsx';
import { Time } from '../../../kit/time.tsx';
import { DeedDialog } from './deed-dialog.tsx';
import { parseInstant } from './parse-instant.ts';

/** Moves T-0, and with it everything that hangs on the count. */
export function RetargetDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useTranslations('runbook.deed');
  const t0Ms = run.count?.t0Ms ?? null;
  const [text, setText] = useState(t0Ms === null ? '' : new Date(t0Ms).toISOString().slice(0, 19).replace('T', ' '));
  const toMs = parseInstant(text);
  const moved = run.steps.filter(({ offsetMs, run: own }) => offsetMs !== null && (own?.startedAtMs ?? null) === null);
  const send = (said: { reason: string; expectedVersion: string }): Promise<unknown> => {
    if (toMs === null) throw new Error(t('retarget.unreadable'));
    return retargetRun({ run: run.id, body: { ...said, role: null, t0: new Date(toMs).toISOString() } });
  };
  return (
    <DeedDialog
      run={run}
      title={t('retarget.title')}
      verb={t('retarget.verb')}
      done={t('retarget.done')}
      onClose={onClose}
      send={async (said) => send(said)}
    >
      {t0Ms === null ? null : (
        <p>
          {t('retarget.now')} <Time at={t0Ms} />
        </p>
      )}
      <TextField
        label={t('retarget.to')}
        value={text}
        onChange={setText}
        help={t('retarget.help')}
        error={toMs === null ? t('retarget.unreadable') : null}
      />
      {toMs === null ? null : (
        <p>
          <Time at={toMs} />
          {t0Ms === null || toMs === t0Ms
            ? null
            : ` (${t(toMs > t0Ms ? 'retarget.later' : 'retarget.earlier', { by: formatDuration(Math.abs(toMs - t0Ms)) })})`}
        </p>
      )}
      <p>{t('retarget.effect', { count: moved.length })}</p>
    </DeedDialog>
  );
}
