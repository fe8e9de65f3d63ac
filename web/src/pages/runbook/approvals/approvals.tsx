import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { askApproval, listRunApprovals } from '../../../api/client.generated.ts';
import type { ApprovalRequest, Run } from '../../../api/client.generated.ts';
import { useLive } from '../../../api/live.tsx';
import { Answer } from '../../../kit/answer.tsx';
import { Button } from '../../../kit/button.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { DeedDialog } from '../deeds/deed-dialog.tsx';
import { hasEnded } from '../run-look.ts';
import { runKey } from '../use-run.ts';
import { BreakGlass } from './break-glass.tsx';
import styles from './approvals.module.css';
import { Request } from './request.tsx';

type Asked = 'run' | 'way-back';

/** Every approval that was asked for: what it is bound to, who voted, who still can; and asking for another. */
export function Approvals({ run, me }: { run: Run; me: string | null }) {
  const t = useTranslations('runbook.approvals');
  const queryKey = [...runKey(run.id), 'approvals'];
  useLive({ launch: run.launch, types: ['approval', 'execution', 'evidence'] }, queryKey);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listRunApprovals({ run: run.id }, { signal }) });
  return (
    <Answer query={query}>
      {({ items }) => (
        <>
          {items.length > 0 ? (
            items.map((request) => <Request key={request.id} run={run} request={request} me={me} />)
          ) : (
            <EmptyState title={run.approvalLevel === 0 ? t('none') : t('noneYet')}>
              {run.approvalLevel === 0 ? undefined : t('noneHint', { level: run.approvalLevel })}
            </EmptyState>
          )}
          <Ask run={run} requests={items} />
          <BreakGlass run={run} />
        </>
      )}
    </Answer>
  );
}

function Ask({ run, requests }: { run: Run; requests: readonly ApprovalRequest[] }) {
  const t = useTranslations('runbook.approvals');
  const [asked, setAsked] = useState<Asked | null>(null);
  const isOpen = (kind: string): boolean => requests.some(({ action, open }) => action.kind === kind && open);
  if (hasEnded(run) || !run.rights.includes('approval.request')) return null;
  const again = run.approvalLevel > 0 && !isOpen('run') && run.approval === null;
  const back = run.production && run.startedAtMs !== null && !run.undoing && !isOpen('way-back');
  if (!again && !back) return null;
  return (
    <div className={styles.ask}>
      {again ? <Button onPress={() => setAsked('run')}>{t('askRun')}</Button> : null}
      {back ? (
        <Button icon="undo" onPress={() => setAsked('way-back')}>
          {t('askBack')}
        </Button>
      ) : null}
      {asked === null ? null : (
        <DeedDialog
          run={run}
          title={t('askTitle')}
          verb={t('askVerb')}
          done={t('askDone')}
          onClose={() => setAsked(null)}
          send={(said) => askApproval({ run: run.id, body: { ...said, what: asked } })}
        >
          <p>{t('askEffect')}</p>
        </DeedDialog>
      )}
    </div>
  );
}
