import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import styles from './code-block.module.css';
import { IconButton } from './icon-button.tsx';

/** Text as it is, with line numbers where asked, and a button that copies it. It is shown as text and never as markup. */
export function CodeBlock({ text, label, isNumbered = false }: { text: string; label: string; isNumbered?: boolean }) {
  const t = useTranslations('kit');
  const [isCopied, setIsCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  };
  return (
    <div className={styles.frame}>
      <pre className={styles.code} tabIndex={0} role="region" aria-label={label}>
        {isNumbered ? text.split('\n').map((line, index) => <Line key={index} number={index + 1} text={line} />) : text}
      </pre>
      <div className={styles.copy}>
        <IconButton
          icon={isCopied ? 'check' : 'copy'}
          label={isCopied ? t('copied') : t('copyOf', { label })}
          onPress={copy}
        />
      </div>
    </div>
  );
}

function Line({ number, text }: { number: number; text: string }) {
  return (
    <span className={styles.line}>
      <span className={styles.number} aria-hidden="true">
        {number}
      </span>
      <span>{text === '' ? ' ' : text}</span>
    </span>
  );
}
