import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { castRunVote, prepareRunVote, readPlan } from '../../../api/client.generated.ts';
import type { ApprovalRequest, Run } from '../../../api/client.generated.ts';
import { DryRun } from '../../../dry-run/dry-run.tsx';
import { Answer } from '../../../kit/answer.tsx';
import { Banner } from '../../../kit/banner.tsx';
import { Disclosure } from '../../../kit/disclosure.tsx';
import { TextArea } from '../../../kit/text-field.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { SignDialog } from '../../../sign/sign-dialog.tsx';
import { runKey } from '../use-run.ts';
import styles from './approvals.module.css';

/** The shortest reason that the API takes, in letters. */
const leastReason = 3;

/** Signs a vote over what is shown: what the steps would do, its digest, and the reason. */
export function VoteDialog({
  run,
  request,
  vote,
  onClose,
}: {
  run: Run;
  request: ApprovalRequest;
  vote: 'go' | 'no-go';
  onClose: () => void;
}) {
  const t = useTranslations('runbook.approvals');
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const of = { run: run.id, request: request.id };
  return (
    <SignDialog
      title={t('dialog')}
      verb={t(vote === 'go' ? 'go' : 'noGo')}
      isDangerous={vote === 'no-go'}
      isReady={reason.trim().length >= leastReason}
      isOpen
      onClose={onClose}
      prepare={() =>
        prepareRunVote({ ...of, body: { vote, reason: reason.trim(), role: null, seen: request.version } })
      }
      send={async (signed) => {
        await castRunVote({ ...of, body: signed });
        await queryClient.invalidateQueries({ queryKey: runKey(run.id) });
        showToast('pass', t('done'));
      }}
    >
      <div className={styles.dialog}>
        <p>{t('bound')}</p>
        <Disclosure title={t('effects')} isOpenAtFirst>
          <Bound run={run} request={request} />
        </Disclosure>
        <TextArea label={t('reason')} value={reason} onChange={setReason} rows={2} isRequired autoFocus />
      </div>
    </SignDialog>
  );
}

/** What the plan would do now; said where it is not what was asked about. A way back is bound to its own steps only, and compared by the server. */
function Bound({ run, request }: { run: Run; request: ApprovalRequest }) {
  const t = useTranslations('runbook.approvals');
  const { launch, procedure, environment } = run;
  const query = useQuery({
    queryKey: ['launches', launch, 'plans', procedure, environment],
    queryFn: ({ signal }) => readPlan({ launch, procedure, environment }, { signal }),
  });
  return (
    <Answer query={query}>
      {(plan) => (
        <>
          {request.action.kind === 'run' && plan.dryRunSha256 !== request.dryRunSha256 ? (
            <Banner tone="fail" icon="warning" title={t('effectsChanged')} />
          ) : null}
          <DryRun plan={plan} />
        </>
      )}
    </Answer>
  );
}
