import { useTranslations } from 'use-intl/react';

import { Button } from '../../kit/button.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Status } from '../../kit/status.tsx';
import styles from './demo.module.css';
import type { StoryStep } from './story.ts';

const looks = { done: 'done', now: 'ready', ahead: 'planned' } as const;

/** One step of the story: what it is about, who takes it, and a button that takes it. */
export function StepCard({
  step: { name, state },
  name: who,
  isPending,
  error,
  onGo,
}: {
  step: StoryStep;
  name: string | null;
  isPending: boolean;
  error: unknown;
  onGo: () => void;
}) {
  const t = useTranslations('demo');
  return (
    <li className={styles.step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <Status of={looks[state]} />
      <div className={styles.words}>
        <h3>{t(`step.${name}.title`)}</h3>
        <p>{t(`step.${name}.text`)}</p>
        {error === null || error === undefined ? null : <ErrorState error={error} />}
      </div>
      <div className={styles.deed}>
        <Button look={state === 'now' ? 'primary' : 'plain'} isPending={isPending} onPress={onGo}>
          {t(`step.${name}.do`)}
        </Button>
        {who === null ? null : <span className={styles.who}>{t('as', { name: who })}</span>}
      </div>
    </li>
  );
}
