import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { ApprovalRequest, Run } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { Badge, Status } from '../../../kit/status.tsx';
import { Time } from '../../../kit/time.tsx';
import styles from './approvals.module.css';
import { VoteDialog } from './vote-dialog.tsx';

/** One request for approval: how it stands, what it is bound to, its votes, and the vote of whoever looks. */
export function Request({ run, request, me }: { run: Run; request: ApprovalRequest; me: string | null }) {
  const t = useTranslations('runbook.approvals');
  const [vote, setVote] = useState<'go' | 'no-go' | null>(null);
  const { action, approved, open, level, canVote } = request;
  const canI = open && canVote.some(({ person }) => person === me);
  return (
    <article className={styles.request}>
      <header className={styles.head}>
        <h3>{t(`of.${action.kind === 'way-back' ? 'way-back' : 'run'}`)}</h3>
        <Status of={approved ? 'pass' : open ? 'waiting' : 'stale'}>
          {t(approved ? 'approved' : open ? 'open' : 'closed')}
        </Status>
        <Badge>{t('level', { level })}</Badge>
      </header>
      <Facts request={request} />
      <Votes request={request} />
      {canI ? (
        <div className={styles.buttons}>
          <Button look="primary" icon="go" onPress={() => setVote('go')}>
            {t('go')}
          </Button>
          <Button icon="crossCircle" onPress={() => setVote('no-go')}>
            {t('noGo')}
          </Button>
        </div>
      ) : open ? (
        <p className={styles.muted}>
          {t('cannot', { people: canVote.map(({ name }) => name).join(', ') || t('nobody') })}
        </p>
      ) : null}
      {vote === null ? null : <VoteDialog run={run} request={request} vote={vote} onClose={() => setVote(null)} />}
    </article>
  );
}

function Facts({ request }: { request: ApprovalRequest }) {
  const t = useTranslations('runbook.approvals');
  const { requester, requestedAt, reason, expiresAt, wanted, reasons, open, canVote, dryRunSha256 } = request;
  const voters = canVote.map(({ name, roles }) => `${name} (${roles.join(', ')})`).join('; ');
  const items = [
    {
      name: t('asked'),
      value: (
        <>
          {requester}, <Time at={requestedAt} short />
        </>
      ),
    },
    { name: t('why'), value: reason },
    {
      name: t('wanted'),
      value: t('wantedText', { approvers: wanted.approvers, roles: wanted.roles.join(', ') || 'none' }),
    },
    ...(reasons.length === 0 ? [] : [{ name: t('missing'), value: reasons.join('; ') }]),
    ...(open ? [{ name: t('canVote'), value: voters || t('nobody') }] : []),
    { name: t('until'), value: <Time at={expiresAt} /> },
    { name: t('digest'), value: <code className={styles.digest}>{dryRunSha256}</code> },
  ];
  return <KeyValues items={items} />;
}

function Votes({ request: { votes } }: { request: ApprovalRequest }) {
  const t = useTranslations('runbook.approvals');
  if (votes.length === 0) return <p className={styles.muted}>{t('noVotes')}</p>;
  return (
    <ul className={styles.votes} aria-label={t('votes')}>
      {votes.map(({ id, vote, person, role, reason, signedAt, counts, faults }) => (
        <li key={id} data-void={!counts || undefined}>
          <Status of={vote === 'go' ? 'go' : 'noGo'} />
          <span>
            <strong>{person}</strong> {t('role', { role })}, <Time at={signedAt} short />
          </span>
          <span>{reason}</span>
          {counts ? null : <Badge tone="unknown">{t('voidVote', { why: faults.join('; ') })}</Badge>}
        </li>
      ))}
    </ul>
  );
}
