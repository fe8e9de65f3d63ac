import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { prepareWaiver, waive } from '../api/client.generated.ts';
import type { Launch } from '../api/client.generated.ts';
import { useNow } from '../kit/clock.ts';
import { Select } from '../kit/select.tsx';
import { TextArea } from '../kit/text-field.tsx';
import { showToast } from '../kit/toast.tsx';
import { SignDialog } from '../sign/sign-dialog.tsx';
import styles from './decide.module.css';
import type { DeclaredCriterion } from './attest-dialog.tsx';
import { inEnvironment } from './use-gate.ts';
import type { LaunchPlace } from './use-gate.ts';

const hourMs = 3_600_000;
const lengths = ['4', '24', '72', '168'] as const;
type Hours = (typeof lengths)[number];

/** Has somebody who leads sign a waiver of a criterion, with who asked for it, why, and until when. */
export function WaiveDialog({
  place,
  launch,
  criterion,
  me,
  onClose,
}: {
  place: LaunchPlace;
  launch: Launch;
  criterion: Pick<DeclaredCriterion, 'id' | 'title'>;
  me: string;
  onClose: () => void;
}) {
  const t = useTranslations('decide.waive');
  const now = useNow();
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState<Hours>('24');
  const others = launch.people.filter(({ id, automation }) => id !== me && !automation);
  const [requestedBy, setRequestedBy] = useState<string | null>(null);
  const at = { launch: place.launch, ...inEnvironment(place) };
  const prepare = () => {
    const expiresAt = new Date(now + Number(hours) * hourMs).toISOString();
    const said = { criterion: criterion.id, reason: reason.trim(), role: null, requestedBy: requestedBy ?? '' };
    return prepareWaiver({ ...at, body: { ...said, expiresAt } });
  };
  return (
    <SignDialog
      title={t('title', { title: criterion.title })}
      verb={t('verb')}
      isDangerous
      isOpen
      isReady={reason.trim().length >= 3 && requestedBy !== null}
      onClose={onClose}
      prepare={prepare}
      send={async (signed) => {
        await waive({ ...at, body: signed });
        showToast('pass', t('done'));
      }}
    >
      <div className={styles.form}>
        <p>{t('says')}</p>
        <TextArea label={t('reason')} value={reason} onChange={setReason} isRequired rows={2} autoFocus />
        <Select
          label={t('requestedBy')}
          options={others.map(({ id, name }) => ({ id, name }))}
          value={requestedBy}
          onChange={setRequestedBy}
        />
        <Until hours={hours} onChange={setHours} />
      </div>
    </SignDialog>
  );
}

function Until({ hours, onChange }: { hours: Hours; onChange: (hours: Hours) => void }) {
  const t = useTranslations('decide.waive');
  const options = lengths.map((id) => {
    const count = Number(id);
    return { id, name: count < 48 ? t('hours', { count }) : t('days', { count: count / 24 }) };
  });
  return <Select label={t('until')} options={options} value={hours} onChange={onChange} />;
}
