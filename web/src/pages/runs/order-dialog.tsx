import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { ApiError, isProblem } from '../../api/api-error.ts';
import { orderRun } from '../../api/client.generated.ts';
import type { Launch, ReadPlanAnswer } from '../../api/client.generated.ts';
import { DryRun } from '../../dry-run/dry-run.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { useNow } from '../../kit/clock.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { TextField } from '../../kit/text-field.tsx';
import { showToast } from '../../kit/toast.tsx';
import { parseInstant } from '../runbook/deeds/parse-instant.ts';
import { PlaceFields } from './place-fields.tsx';
import styles from './runs.module.css';
import { toOrderable } from './to-orderable.ts';
import { planKey, usePlan } from './use-plan.ts';
import type { Wish } from './use-plan.ts';

/** Shows what a live run would do, step by step, and orders exactly that: a plan that has changed since is refused. */
export function OrderDialog({ launch, onClose }: { launch: Launch; onClose: () => void }) {
  const t = useTranslations('runs.order');
  const queryClient = useQueryClient();
  const [wish, setWish] = useState<Wish>({
    launch: launch.id,
    procedure: toOrderable(launch)[0]?.id ?? '',
    environment: launch.environment,
  });
  const [t0, setT0] = useState('');
  const plan = usePlan(wish);
  const { order, isConflict, forget } = useOrder(wish, t0, plan.data?.version);
  const wantsApproval = (plan.data?.approvalLevel ?? 0) > 0;
  const lookAgain = (): void => {
    forget();
    void queryClient.invalidateQueries({ queryKey: planKey(wish) });
  };
  return (
    <ConfirmDialog
      title={t('title')}
      verb={t(wantsApproval ? 'verbAsk' : 'verb')}
      reasonLabel={t('reason')}
      isDangerous={plan.data?.production === true && !wantsApproval}
      isOpen
      onClose={onClose}
      onConfirm={order}
    >
      <div className={styles.form}>
        {isConflict ? (
          <Banner
            tone="unknown"
            icon="refresh"
            title={t('changed')}
            actions={<Button onPress={lookAgain}>{t('lookAgain')}</Button>}
          />
        ) : null}
        <PlaceFields launch={launch} places={launch.environments} wish={wish} onChange={setWish}>
          <T0Field launch={launch} value={t0} onChange={setT0} />
        </PlaceFields>
        <Answer query={plan}>{(found) => <Planned plan={found} />}</Answer>
      </div>
    </ConfirmDialog>
  );
}

/** Orders the plan that was read, and goes to the run. */
function useOrder({ launch, procedure, environment }: Wish, t0: string, expectedVersion: string | undefined) {
  const t = useTranslations('runs.order');
  const navigate = useNavigate();
  // One name for this wish: pressed twice, or sent again after a cut line, it is one run.
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID());
  const [isConflict, setIsConflict] = useState(false);
  const order = async (reason: string): Promise<void> => {
    const t0Ms = t0.trim() === '' ? null : parseInstant(t0);
    if (t0Ms === null && t0.trim() !== '') throw new Error(t('unreadable'));
    if (expectedVersion === undefined) throw new Error(t('reading'));
    const body = { procedure, reason, expectedVersion, t0: t0Ms === null ? null : new Date(t0Ms).toISOString() };
    try {
      const { run, repeated } = await orderRun({ launch, environment, body }, { idempotencyKey });
      showToast('pass', t(repeated ? 'repeated' : 'ordered'));
      await navigate({ to: '/launches/$launch/runs/$run', params: { launch, run } });
    } catch (error) {
      setIsConflict(isProblem(error, 'version_conflict'));
      // Answered and refused: what is sent next is another wish. Where nobody answered, it is the same.
      if (error instanceof ApiError) setKey(crypto.randomUUID());
      throw error;
    }
  };
  return { order, isConflict, forget: () => setIsConflict(false) };
}

function T0Field({ launch, value, onChange }: { launch: Launch; value: string; onChange: (text: string) => void }) {
  const t = useTranslations('runs.order');
  const now = useNow();
  const ms = value.trim() === '' ? (launch.t0 === null ? null : Date.parse(launch.t0)) : parseInstant(value);
  const isUnreadable = value.trim() !== '' && ms === null;
  const hasPassed = ms !== null && ms < now;
  return (
    <TextField
      label={t('t0')}
      value={value}
      onChange={onChange}
      placeholder={launch.t0 ?? ''}
      help={launch.t0 === null ? t('t0None') : t('t0Help', { t0: launch.t0 })}
      error={isUnreadable ? t('unreadable') : hasPassed ? t('passed') : null}
    />
  );
}

function Planned({ plan }: { plan: ReadPlanAnswer }) {
  const t = useTranslations('runs.order');
  return (
    <>
      {plan.production ? <Banner tone="fail" icon="warning" title={t('production')} /> : null}
      <DryRun plan={plan} />
      <p>{t(plan.approvalLevel > 0 ? 'effectAsk' : 'effect')}</p>
    </>
  );
}
