import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { attestDrill, prepareDrillAttestation } from '../../api/client.generated.ts';
import type { WayBackAnswer } from '../../api/client.generated.ts';
import { meQuery } from '../../api/me.ts';
import { inEnvironment } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Button } from '../../kit/button.tsx';
import { Duration } from '../../kit/duration.tsx';
import { Stack } from '../../kit/page.tsx';
import { Status } from '../../kit/status.tsx';
import { TextArea } from '../../kit/text-field.tsx';
import { showToast } from '../../kit/toast.tsx';
import { SignDialog } from '../../sign/sign-dialog.tsx';
import styles from './rollouts.module.css';

interface WatchedDrill {
  place: LaunchPlace;
  title: string;
  drill: WayBackAnswer['rollbacks'][number]['drills'][number];
}

/** Who watched a drill, or whose word it waits for: with a button for whoever is one of them. */
export function Watched({ place, title, drill }: WatchedDrill) {
  const t = useTranslations('rollouts.rollback');
  const { data: me } = useQuery(meQuery);
  const [isAsked, setIsAsked] = useState(false);
  const { observedBy, waitsFor } = drill;
  if (observedBy !== null) return <span className={styles.muted}>{t('watched', { person: observedBy })}</span>;
  const mine = waitsFor.includes(me?.identity?.person ?? '');
  const people = new Intl.ListFormat(undefined, { type: 'disjunction' }).format(waitsFor);
  return (
    <>
      <Status of="held">{waitsFor.length === 0 ? t('unwatched') : t('waitsFor', { people })}</Status>
      {mine ? <Button onPress={() => setIsAsked(true)}>{t('attest')}</Button> : null}
      {isAsked ? <Attest place={place} title={title} drill={drill} onClose={() => setIsAsked(false)} /> : null}
    </>
  );
}

function Attest({ place, title, drill, onClose }: WatchedDrill & { onClose: () => void }) {
  const t = useTranslations('rollouts.rollback');
  const client = useQueryClient();
  const [comment, setComment] = useState('');
  const at = { launch: place.launch, drill: drill.id, ...inEnvironment(place) };
  return (
    <SignDialog
      title={t('attestTitle', { title })}
      verb={t('attestVerb')}
      isOpen
      isReady={comment.trim() !== ''}
      onClose={onClose}
      prepare={() => prepareDrillAttestation({ ...at, body: { comment: comment.trim() } })}
      send={async (signed) => {
        await attestDrill({ ...at, body: signed });
        await client.invalidateQueries({ queryKey: ['launches', place.launch] });
        showToast('pass', t('attested'));
      }}
    >
      <Stack>
        <p>
          {t.rich('attestText', {
            drill: drill.id,
            environment: drill.environment,
            length: () => (drill.tookMs === null ? null : <Duration ms={drill.tookMs} />),
          })}
        </p>
        <TextArea label={t('attestComment')} value={comment} onChange={setComment} isRequired rows={3} />
      </Stack>
    </SignDialog>
  );
}
