import { useTranslations } from 'use-intl/react';

import styles from './writing.module.css';
import { FindingNote } from './finding-note.tsx';
import type { useDraftLint } from './use-draft-lint.ts';

/** What lint says about the text as it is being written; older words stay readable and say that they are older. */
export function DraftFindings({
  lint: { query, isCurrent },
  onGo,
}: {
  lint: ReturnType<typeof useDraftLint>;
  onGo: (line: number) => void;
}) {
  const t = useTranslations('documents');
  const findings = query.data?.findings ?? [];
  const state = isCurrent ? (findings.length === 0 ? t('noFindings') : null) : t('linting');
  return (
    <section className={styles.draftFindings} aria-label={t('findings')}>
      <h3>{t('findings')}</h3>
      <p className={styles.muted} role="status">
        {query.isError ? t('lintFailed', { reason: query.error.message }) : state}
      </p>
      {findings.map((finding, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the list comes whole
        <FindingNote key={index} finding={finding} onGo={onGo} />
      ))}
    </section>
  );
}
