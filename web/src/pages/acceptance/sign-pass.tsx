import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { prepareAcceptance, readGate, signAcceptance } from '../../api/client.generated.ts';
import type { AcceptancePass, Launch } from '../../api/client.generated.ts';
import { meQuery } from '../../api/me.ts';
import { launchKey, useLaunch } from '../../decide/use-gate.ts';
import { mayAttest } from '../../decide/what-i-may.ts';
import { Answer } from '../../kit/answer.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Select } from '../../kit/select.tsx';
import { TextArea } from '../../kit/text-field.tsx';
import { showToast } from '../../kit/toast.tsx';
import { SignDialog } from '../../sign/sign-dialog.tsx';
import styles from './acceptance.module.css';

/** Has a person sign their pass as their word on a criterion that asks for it. */
export function SignPass({ pass, onClose }: { pass: AcceptancePass; onClose: () => void }) {
  const t = useTranslations('acceptance');
  const queryClient = useQueryClient();
  const { id, launch, environment } = pass;
  const declared = useLaunch({ launch, environment });
  const [criterion, setCriterion] = useState<string | null>(null);
  const [comment, setComment] = useState('');
  const at = { launch, pass: id, environment };
  return (
    <SignDialog
      title={t('sign')}
      verb={t('sign')}
      isOpen
      isReady={criterion !== null && comment.trim() !== ''}
      onClose={onClose}
      prepare={() =>
        prepareAcceptance({ ...at, body: { criterion: criterion ?? '', comment: comment.trim(), role: null } })
      }
      send={async (signed) => {
        await signAcceptance({ ...at, body: signed });
        await queryClient.invalidateQueries({ queryKey: ['launches', launch] });
        showToast('pass', t('signed'));
      }}
    >
      <div className={styles.form}>
        <p>{t('signLead')}</p>
        <KeyValues items={[{ name: t('digest'), value: <code className={styles.digest}>{pass.sha256}</code> }]} />
        <Answer query={declared}>
          {(of) => <Criteria launch={of} environment={environment} value={criterion} onChange={setCriterion} />}
        </Answer>
        <TextArea label={t('comment')} value={comment} onChange={setComment} isRequired rows={3} />
      </div>
    </SignDialog>
  );
}

function Criteria({
  launch,
  environment,
  value,
  onChange,
}: {
  launch: Launch;
  environment: string;
  value: string | null;
  onChange: (criterion: string) => void;
}) {
  const t = useTranslations('acceptance');
  const { data: me } = useQuery(meQuery);
  const gates = useQueries({
    queries: launch.gates.map(({ id: gate }) => ({
      queryKey: launchKey({ launch: launch.id, environment }, 'gates', gate),
      queryFn: ({ signal }: { signal: AbortSignal }) => readGate({ launch: launch.id, gate, environment }, { signal }),
    })),
  });
  const open = gates.find(({ data }) => data === undefined);
  if (open !== undefined) return <Answer query={open}>{() => null}</Answer>;
  const person = me?.identity?.person ?? null;
  const options = gates.flatMap(({ data: page }) =>
    page === undefined
      ? []
      : page.criteria
          .filter(({ id }) => mayAttest({ page, launch, me: person }, id))
          .map(({ id, title }) => ({ id, name: title })),
  );
  if (options.length === 0) return <p>{t('noCriterion')}</p>;
  return <Select label={t('criterion')} value={value} onChange={onChange} options={options} />;
}
