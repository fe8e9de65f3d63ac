import { useTranslations } from 'use-intl/react';

import type { Run } from '../../api/client.generated.ts';
import { Banner } from '../../kit/banner.tsx';
import { Time } from '../../kit/time.tsx';

/** What everybody has to know of a run before anything else: held, being taken back, tainted, how it ended. */
export function RunBanners({ run }: { run: Run }) {
  const t = useTranslations('runbook.banner');
  const { holds, undoing, sightings, endingReason, state, endedAtMs } = run;
  return (
    <>
      {holds.map((hold) => (
        <Banner
          key={hold.id}
          tone="held"
          icon="held"
          title={t('held', { scope: hold.subject ?? t(`scope.${hold.scope}`) })}
        >
          {hold.reason} (
          {hold.by === null ? t('byWatch', { watch: hold.watch ?? hold.cause }) : t('by', { person: hold.by })}{' '}
          <Time at={hold.sinceMs} short />; {t(hold.count === 'stops' ? 'countStops' : 'countRuns')})
        </Banner>
      ))}
      {undoing && endedAtMs === null ? (
        <Banner tone="held" icon="undo" title={t('undoing')}>
          {endingReason}
        </Banner>
      ) : null}
      {state === 'stopping' && !undoing ? (
        <Banner tone="held" icon="dash" title={t('stopping')}>
          {endingReason}
        </Banner>
      ) : null}
      {endedAtMs !== null && endingReason !== null && endingReason !== '' ? (
        <Banner tone={state === 'completed' ? 'waiting' : 'fail'} icon="info" title={t('ended')}>
          {endingReason}
        </Banner>
      ) : null}
      {sightings.length > 0 ? (
        <Banner tone="fail" icon="warning" title={t('tainted')}>
          {sightings.map(({ place, secret }) => `${secret}: ${place}`).join('; ')}
        </Banner>
      ) : null}
    </>
  );
}
