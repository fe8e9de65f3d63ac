import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Step } from '../../../api/client.generated.ts';
import { FileField } from '../../../kit/file-field.tsx';
import { TextArea, TextField } from '../../../kit/text-field.tsx';
import { hashFile } from './hash-file.ts';
import styles from './step-panel.module.css';

/** A proof as it is handed in: words, an address or the name of a file, and the digest of its bytes, which stay with the person. */
export interface Proof {
  value: string;
  sha256: string | null;
}

/** The field for the kind of proof that a step asks for; nothing where it asks for none. */
export function ProofField({
  kind,
  proof,
  onChange,
}: {
  kind: Step['proof'];
  proof: Proof;
  onChange: (proof: Proof) => void;
}) {
  const t = useTranslations('runbook.confirm');
  const setValue = (value: string): void => onChange({ value, sha256: null });
  switch (kind) {
    case null:
      return null;
    case 'file':
    case 'artifact':
      return <ProofFile label={t(`kind.${kind}`)} proof={proof} onChange={onChange} />;
    case 'comment':
      return <TextArea label={t('kind.comment')} value={proof.value} onChange={setValue} rows={3} isRequired />;
    case 'url':
      return (
        <TextField
          label={t('kind.url')}
          type="url"
          value={proof.value}
          onChange={setValue}
          placeholder="https://"
          isRequired
        />
      );
    case 'external-status':
      return <TextField label={t('kind.external-status')} value={proof.value} onChange={setValue} isRequired />;
  }
}

/** The file is read here and never sent: only its name and the SHA-256 of its bytes are. */
function ProofFile({ label, proof, onChange }: { label: string; proof: Proof; onChange: (proof: Proof) => void }) {
  const t = useTranslations('runbook.confirm');
  const [state, setState] = useState<'idle' | 'hashing' | 'unreadable'>('idle');
  const take = async (file: File): Promise<void> => {
    setState('hashing');
    onChange({ value: file.name, sha256: null });
    try {
      const sha256 = await hashFile(file);
      onChange({ value: file.name, sha256 });
      setState('idle');
    } catch {
      setState('unreadable');
    }
  };
  return (
    <div className={styles.file}>
      <FileField label={label} onFile={(file) => void take(file)} />
      <span className={styles.why} role="status">
        {state === 'idle' ? (proof.sha256 === null ? t('staysHere') : `SHA-256 ${proof.sha256}`) : t(state)}
      </span>
    </div>
  );
}
