import { useTranslations } from 'use-intl/react';

import { ApiError, UnavailableError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import styles from './states.module.css';

/** Says what went wrong: as the API told it, as unavailable where nobody answered, else as broken. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  if (error instanceof ApiError) return <ProblemState error={error} onRetry={onRetry} />;
  if (error instanceof UnavailableError) return <Unavailable detail={error.message} onRetry={onRetry} />;
  return <Broken error={error} onRetry={onRetry} />;
}

/** A problem of the API: what was expected, what to do next, its code and the id of the request. */
function ProblemState({ error: { problem }, onRetry }: { error: ApiError; onRetry: (() => void) | undefined }) {
  const t = useTranslations('kit.error');
  return (
    <div className={styles.state} role="alert">
      <p className={styles.fail}>
        <Icon name="crossCircle" />
        <strong>{problem.title}</strong>
      </p>
      {problem.detail === '' ? null : <p>{problem.detail}</p>}
      {problem.hint === '' ? null : <p className={styles.hint}>{t('next', { hint: problem.hint })}</p>}
      <p className={styles.muted}>
        {t('code')} <code>{problem.code}</code>
        {problem.requestId === '' ? null : (
          <>
            {' '}
            {t('request')} <code>{problem.requestId}</code>
          </>
        )}
      </p>
      <Retry onRetry={onRetry} />
    </div>
  );
}

/** Nobody could be asked: what is there is unknown, which is never shown as empty. */
export function Unavailable({ detail, onRetry }: { detail?: string; onRetry?: (() => void) | undefined }) {
  const t = useTranslations('kit.unavailable');
  return (
    <div className={styles.state} role="status">
      <p className={styles.unknown}>
        <Icon name="unknown" />
        <strong>{t('title')}</strong>
      </p>
      <p>{t('explanation')}</p>
      {detail === undefined ? null : <p className={styles.muted}>{detail}</p>}
      <Retry onRetry={onRetry} />
    </div>
  );
}

function Broken({ error, onRetry }: { error: unknown; onRetry: (() => void) | undefined }) {
  const t = useTranslations('kit.broken');
  return (
    <div className={styles.state} role="alert">
      <p className={styles.fail}>
        <Icon name="warning" />
        <strong>{t('title')}</strong>
      </p>
      <p>{t('explanation')}</p>
      <p className={styles.muted}>
        <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
      <Retry onRetry={onRetry} />
    </div>
  );
}

function Retry({ onRetry }: { onRetry: (() => void) | undefined }) {
  const t = useTranslations('kit');
  if (onRetry === undefined) return null;
  return (
    <Button icon="refresh" onPress={onRetry}>
      {t('retry')}
    </Button>
  );
}
