import { useTranslations } from 'use-intl/react';

import styles from './diff.module.css';
import { joinClasses } from './join-classes.ts';
import { foldLines, toDiffLines } from './to-diff-lines.ts';
import type { DiffLine } from './to-diff-lines.ts';

/** What changed between two texts, line by line with a few around; a sign stands before each line, so that colour is not needed. */
export function Diff({ before, after, label }: { before: string; after: string; label: string }) {
  const t = useTranslations('kit.diff');
  const lines = toDiffLines(before, after);
  if (lines.every(({ kind }) => kind === 'same')) return <p className={styles.none}>{t('none')}</p>;
  return (
    <pre className={styles.diff} tabIndex={0} role="region" aria-label={label}>
      {foldLines(lines).map((line, index) =>
        line.kind === 'fold' ? (
          <span key={index} className={styles.fold}>
            {t('folded', { count: line.count })}
          </span>
        ) : (
          <Line key={index} line={line} />
        ),
      )}
    </pre>
  );
}

const signs = { same: ' ', added: '+', removed: '\u2212' } as const;

function Line({ line: { kind, text } }: { line: DiffLine }) {
  const t = useTranslations('kit.diff');
  return (
    <span className={joinClasses(styles.line, styles[kind])}>
      <span aria-hidden="true">{signs[kind]}</span>
      {kind === 'same' ? null : <span className={styles.spoken}>{t(kind)} </span>}
      <span>{text === '' ? ' ' : text}</span>
    </span>
  );
}
