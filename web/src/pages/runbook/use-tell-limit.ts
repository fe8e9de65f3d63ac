import { useTranslations } from 'use-intl/react';

const known = ['fail', 'hold', 'escalate', 'done'] as const;

/** Says what happens when a wait reaches its limit: the engine names it in a word, or tells it. */
export function useTellLimit(): (onLimit: string) => string {
  const t = useTranslations('runbook.waits.limit');
  return (onLimit) => {
    const word = known.find((one) => one === onLimit);
    return word === undefined ? onLimit : t(word);
  };
}
