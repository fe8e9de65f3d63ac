import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { castVote, prepareVote } from '../api/client.generated.ts';
import type { GatePage, Launch } from '../api/client.generated.ts';
import { Banner } from '../kit/banner.tsx';
import { KeyValues } from '../kit/key-values.tsx';
import { Select } from '../kit/select.tsx';
import { TextArea } from '../kit/text-field.tsx';
import { showToast } from '../kit/toast.tsx';
import { SignDialog } from '../sign/sign-dialog.tsx';
import type { GateScene } from './action-list.tsx';
import { Candidate } from './candidate.tsx';
import styles from './decide.module.css';
import { Outcome } from './outcome.tsx';
import { inEnvironment } from './use-gate.ts';

/** What a person wants to say. */
export interface VoteWish {
  vote: 'go' | 'no-go';
  /** Digest of the decision that they have read. */
  seen: string;
  /** Roles in which they may say it. */
  roles: readonly string[];
}

/** Has a person sign a vote on the decision that they have read. What changes meanwhile turns the button off. */
export function VoteDialog({
  scene: { place, page, launch },
  wish: { vote, seen, roles },
  onClose,
}: {
  scene: GateScene;
  wish: VoteWish;
  onClose: () => void;
}) {
  const t = useTranslations('decide.vote');
  const verb = useTranslations('decide')(vote === 'go' ? 'voteGo' : 'voteNoGo');
  const [comment, setComment] = useState('');
  const [role, setRole] = useState<string | null>(roles[0] ?? null);
  const isStale = page.subjectSha256 !== seen;
  const at = { launch: place.launch, gate: place.gate, ...inEnvironment(place) };
  const label = vote === 'go' ? t('comment') : t('why');
  return (
    <SignDialog
      title={t('title', { vote, gate: page.title })}
      verb={verb}
      isDangerous={vote === 'no-go'}
      isOpen
      isReady={!isStale && (vote === 'go' || comment.trim() !== '')}
      onClose={onClose}
      prepare={() => prepareVote({ ...at, body: { vote, comment: comment.trim(), role, seen } })}
      send={async (signed) => {
        await castVote({ ...at, body: signed });
        showToast('pass', t('done'));
      }}
    >
      <div className={styles.form}>
        {isStale ? (
          <Banner tone="fail" icon="stale" title={t('changed')}>
            {t('changedHint')}
          </Banner>
        ) : null}
        <p>{t('says')}</p>
        <Shown page={page} launch={launch} seen={seen} />
        {roles.length > 1 ? (
          <Select label={t('role')} options={roles.map((id) => ({ id, name: id }))} value={role} onChange={setRole} />
        ) : null}
        <TextArea label={label} value={comment} onChange={setComment} isRequired={vote === 'no-go'} rows={2} />
      </div>
    </SignDialog>
  );
}

function Shown({ page, launch, seen }: { page: GatePage; launch: Launch; seen: string }) {
  const t = useTranslations('decide.vote');
  const left = page.shortestWay?.filter(({ verb }) => verb !== 'approve').length ?? null;
  const rest = left === null ? t('noWay') : left === 0 ? t('nothing') : t('actions', { count: left });
  const rows = [
    { name: t('outcome'), value: <Outcome of={page.outcome} /> },
    { name: t('left'), value: rest },
    { name: t('candidate'), value: <Candidate of={launch.candidate} sha256={page.candidateSha256} /> },
    { name: t('evidence'), value: <code>{page.evidenceRoot.slice(0, 24)}</code> },
    { name: t('subject'), value: <code>{seen.slice(0, 24)}</code> },
  ];
  return <KeyValues items={rows} />;
}
