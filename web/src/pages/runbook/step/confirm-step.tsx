import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { confirmStep, prepareConfirmation } from '../../../api/client.generated.ts';
import type { Run, Step } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { TextArea } from '../../../kit/text-field.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { SignDialog } from '../../../sign/sign-dialog.tsx';
import { useMissingText } from '../deeds/use-missing-text.ts';
import { runKey } from '../use-run.ts';
import { missingForStep } from '../what-i-can.ts';
import { ProofField } from './proof-field.tsx';
import type { Proof } from './proof-field.tsx';
import { proofFault } from './proof-fault.ts';
import styles from './step-panel.module.css';

/** The form with which a person closes a step that waits for them: the proof that it asks for, a word, and a signature over both. */
export function ConfirmStep({ run, step, me }: { run: Run; step: Step; me: string | null }) {
  const t = useTranslations('runbook.confirm');
  const missingText = useMissingText();
  const missing = missingForStep(run, me, { deed: 'confirm', people: step.people });
  const [proof, setProof] = useState<Proof>({ value: '', sha256: null });
  const [comment, setComment] = useState('');
  const [isSigning, setIsSigning] = useState(false);
  if (missing !== null) return <p className={styles.why}>{t('cannot', { why: missingText(missing) ?? '' })}</p>;
  const fault = proofFault(step.proof, proof);
  return (
    <form
      className={styles.confirm}
      aria-label={t('form')}
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === null) setIsSigning(true);
      }}
    >
      <ProofField kind={step.proof} proof={proof} onChange={setProof} />
      <TextArea label={t('comment')} value={comment} onChange={setComment} rows={2} />
      <div className={styles.buttons}>
        <Button type="submit" look="primary" icon="check" isDisabled={fault !== null}>
          {t('sign')}
        </Button>
        {fault === null ? null : <span className={styles.why}>{t(`fault.${fault}`)}</span>}
      </div>
      <ConfirmDialog {...{ run, step, proof, comment }} isOpen={isSigning} onClose={() => setIsSigning(false)} />
    </form>
  );
}

function ConfirmDialog({
  run,
  step,
  proof,
  comment,
  isOpen,
  onClose,
}: {
  run: Run;
  step: Step;
  proof: Proof;
  comment: string;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = useTranslations('runbook.confirm');
  const queryClient = useQueryClient();
  const facts = [
    { name: t('step'), value: step.title },
    { name: t('run'), value: `${run.id} (${run.environment})` },
    ...(proof.value === '' ? [] : [{ name: t('proof'), value: proof.value }]),
    ...(proof.sha256 === null ? [] : [{ name: t('digest'), value: <code>{proof.sha256}</code> }]),
    ...(comment.trim() === '' ? [] : [{ name: t('comment'), value: comment.trim() }]),
  ];
  return (
    <SignDialog
      title={t('title')}
      verb={t('verb')}
      isOpen={isOpen}
      onClose={onClose}
      prepare={() => prepareConfirmation({ run: run.id, step: step.id, body: { proof, comment, role: null } })}
      send={async (signed) => {
        await confirmStep({ run: run.id, step: step.id, body: signed });
        await queryClient.invalidateQueries({ queryKey: runKey(run.id) });
        showToast('pass', t('done'));
      }}
    >
      <p>{t('what')}</p>
      <KeyValues items={facts} />
    </SignDialog>
  );
}
