import { useTranslations } from 'use-intl/react';

import { stopDataWork } from '../../api/client.generated.ts';
import type { DataWork } from '../../api/client.generated.ts';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { Since } from '../../kit/duration.tsx';
import { Progress } from '../../kit/progress.tsx';
import styles from './data.module.css';
import type { DatasetPlace } from './use-data.ts';
import { useDeed } from './use-deed.ts';

/** What is under way with a dataset, with how far it is and a way to stop it; or why the last of it did not come to its end. */
export function Work({ at, place, dataset, rights }: DatasetPlace) {
  const t = useTranslations('data.work');
  const { isPending, attempt } = useDeed(place);
  const { work } = dataset;
  if (work === null) return null;
  if (work.endedAtMs !== null) {
    if (work.trouble === null) return null;
    return (
      <Banner tone="fail" icon="crossCircle" title={t('failed', { what: t(work.does) })}>
        {work.trouble}
      </Banner>
    );
  }
  const stop = (
    <Button isPending={isPending} onPress={() => attempt(() => stopDataWork(at))}>
      {t('stop')}
    </Button>
  );
  return (
    <Banner
      tone="waiting"
      icon="running"
      title={t(work.does)}
      {...(rights.includes('check.run') ? { actions: stop } : {})}
    >
      <p>
        {t('underWay', { person: work.startedBy })} <Since at={work.startedAtMs} />
      </p>
      <HowFar work={work} />
    </Banner>
  );
}

function HowFar({ work: { phase, done, total, does } }: { work: DataWork }) {
  const t = useTranslations('data.work');
  return (
    <div className={styles.howFar}>
      <span>{phase}</span>
      {total === null || total === 0 ? (
        <span className={styles.muted}>{t('rows', { done })}</span>
      ) : (
        <Progress label={t(does)} done={done} total={total} />
      )}
    </div>
  );
}
