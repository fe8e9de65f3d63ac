import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { ReadEvidenceAnswer } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { CodeBlock } from '../../kit/code-block.tsx';
import { Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import { TextField } from '../../kit/text-field.tsx';
import styles from './record.module.css';
import { readCheckpoint, verifyClaim } from './verify-inclusion.ts';
import type { ProofStep } from './verify-inclusion.ts';

/** That the entry stands in the log, computed in this browser. */
export function ProofPanel({ record }: { record: ReadEvidenceAnswer }) {
  const t = useTranslations('evidenceRecord');
  const { id, body, proof } = record;
  const query = useQuery({
    queryKey: ['proofs', id, proof.checkpoint],
    queryFn: () => verifyClaim({ id, body, ...proof }),
    staleTime: Infinity,
    networkMode: 'always',
  });
  return (
    <Panel title={t('proof')}>
      <Stack>
        <p className={styles.muted}>{t('proofIntro')}</p>
        <Answer query={query}>{(steps) => <Steps steps={steps} record={record} />}</Answer>
        <KnownKey logKey={proof.logKey} />
        <Banner tone="unknown" icon="unknown" title={t('unanchored')}>
          {t('unanchoredText')}
        </Banner>
        <CodeBlock text={proof.checkpoint} label={t('checkpoint')} />
      </Stack>
    </Panel>
  );
}

function Steps({ steps, record: { proof } }: { steps: readonly ProofStep[]; record: ReadEvidenceAnswer }) {
  const t = useTranslations('evidenceRecord');
  const place = { index: String(proof.index), size: sizeOf(proof.checkpoint) };
  return (
    <ul className={styles.steps} aria-label={t('proof')}>
      {steps.map(({ id, outcome, detail }) => (
        <li key={id}>
          <Status of={outcome} />
          <div>
            <p>{t(`steps.${id}`, place)}</p>
            <code className={styles.digest}>{detail}</code>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Whose key it is the server cannot say about itself: the reader compares it with what they were given. */
function KnownKey({ logKey }: { logKey: string }) {
  const t = useTranslations('evidenceRecord');
  const [given, setGiven] = useState('');
  const isSame = given.trim() === logKey;
  return (
    <div className={styles.key}>
      <p>
        {t('keyIs')} <code className={styles.digest}>{logKey}</code>
      </p>
      <TextField label={t('keyGiven')} help={t('keyHint')} value={given} onChange={setGiven} />
      <p role="status">
        {given.trim() === '' ? null : (
          <Status of={isSame ? 'pass' : 'fail'}>{t(isSame ? 'keySame' : 'keyOther')}</Status>
        )}
      </p>
    </div>
  );
}

function sizeOf(checkpoint: string): string {
  try {
    return String(readCheckpoint(checkpoint).head.size);
  } catch {
    return '?';
  }
}
