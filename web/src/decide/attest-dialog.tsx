import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { attest, prepareAttestation } from '../api/client.generated.ts';
import type { GatePage, PrepareAttestationBody } from '../api/client.generated.ts';
import { FileField } from '../kit/file-field.tsx';
import { TextArea, TextField } from '../kit/text-field.tsx';
import { showToast } from '../kit/toast.tsx';
import { SignDialog } from '../sign/sign-dialog.tsx';
import type { GateScene } from './action-list.tsx';
import { Candidate } from './candidate.tsx';
import styles from './decide.module.css';
import { inEnvironment } from './use-gate.ts';

/** A criterion of a gate as its document declares it. */
export type DeclaredCriterion = GatePage['criteria'][number];

type Proof = NonNullable<PrepareAttestationBody['proof']>;

/** Asks a person for their word on a criterion, with the proof that its document wants, and has them sign it. */
export function AttestDialog({
  scene: { place, page, launch },
  criterion,
  onClose,
}: {
  scene: GateScene;
  criterion: DeclaredCriterion;
  onClose: () => void;
}) {
  const t = useTranslations('decide.attest');
  const any = useTranslations('decide.attest')('anyRole');
  const [comment, setComment] = useState('');
  const [proof, setProof] = useState<Proof | null>(null);
  const wantsProof = criterion.proof !== null && criterion.proof !== 'comment';
  const isReady = comment.trim() !== '' && (!wantsProof || (proof !== null && proof.value !== ''));
  const at = { launch: place.launch, ...inEnvironment(place) };
  const body = { criterion: criterion.id, comment: comment.trim(), role: criterion.role, proof };
  return (
    <SignDialog
      title={t('title', { title: criterion.title })}
      verb={t('verb')}
      isOpen
      isReady={isReady}
      onClose={onClose}
      prepare={() => prepareAttestation({ ...at, body })}
      send={async (signed) => {
        await attest({ ...at, body: signed });
        showToast('pass', t('done'));
      }}
    >
      <div className={styles.form}>
        <p>
          {t.rich('says', {
            candidate: () => <Candidate of={launch.candidate} sha256={page.candidateSha256} />,
            environment: page.environment,
            role: criterion.role ?? any,
          })}
        </p>
        {wantsProof ? <ProofField kind={criterion.proof as Proof['kind']} proof={proof} onChange={setProof} /> : null}
        <TextArea label={t('comment')} value={comment} onChange={setComment} isRequired rows={3} />
      </div>
    </SignDialog>
  );
}

function ProofField({
  kind,
  proof,
  onChange,
}: {
  kind: Proof['kind'];
  proof: Proof | null;
  onChange: (proof: Proof) => void;
}) {
  const t = useTranslations('decide.attest');
  if (kind === 'file') return <ProofFile onChange={onChange} />;
  if (kind === 'comment') return null;
  const label = t(kind);
  const set = (value: string): void => onChange({ kind, value: value.trim(), sha256: null });
  return <TextField label={label} value={proof?.value ?? ''} onChange={set} isRequired autoFocus />;
}

function ProofFile({ onChange }: { onChange: (proof: Proof) => void }) {
  const t = useTranslations('decide.attest');
  const read = async (file: File): Promise<void> => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    onChange({ kind: 'file', value: file.name, sha256 });
  };
  return <FileField label={t('file')} help={t('fileHelp')} onFile={(file) => void read(file)} />;
}
