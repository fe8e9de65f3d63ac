import { useTranslations } from 'use-intl/react';

import type { DeadLetter } from '../../api/client.generated.ts';

type Work = DeadLetter['work'];

const known = ['run', 'probe', 'watch', 'tell', 'send', 'begin', 'sweep'] as const;

/** What a job does, in a few words. */
export function useWorkText(): (work: Work) => string {
  const t = useTranslations('queue.does');
  return ({ does, step, title }) => {
    const named = known.find((each) => each === does);
    if (named === undefined) return t('other', { queue: does });
    return t(named, { step: title === null ? (step ?? '') : title });
  };
}

/** What trying it again means for the world outside, as its document says. */
export function useRerunText(): (work: Work) => string | null {
  const t = useTranslations('queue');
  return ({ writes, interrupted }) => {
    if (writes === null) return null;
    if (!writes) return t('rerun.none');
    const way = interrupted === 'verify' || interrupted === 'ask' ? interrupted : 'rerun';
    return `${t('writes')}; ${t(`rerun.${way}`)}`;
  };
}
