import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { readImportDeletions } from '../../api/client.generated.ts';
import type { ImportBatch } from '../../api/client.generated.ts';
import { launchKey } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Disclosure } from '../../kit/disclosure.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import styles from './data.module.css';
import type { DatasetPlace } from './use-data.ts';

/** Records that are gone from the source since an earlier import, and what becomes of their rows in the target. */
export function Deletions({ here, batch }: { here: DatasetPlace; batch: ImportBatch }) {
  const t = useTranslations('data.gone');
  const { deletions, gone, counts } = batch;
  if (deletions === null) return <p className={styles.muted}>{t('nobodyLooked')}</p>;
  if (deletions === 0) return null;
  if (gone === null) return <p>{t('stay', { count: deletions })}</p>;
  const { deleted, edited, absent } = gone;
  const ends = [
    { name: t(counts === null ? 'wouldDelete' : 'deleted'), value: deleted },
    { name: t('edited'), value: edited },
    { name: t('absent'), value: absent },
  ];
  return (
    <section aria-label={t('title')} className={styles.gone}>
      <h3>{t('count', { count: deletions })}</h3>
      <KeyValues items={ends.filter(({ value }) => value > 0)} />
      {deleted > 0 && here.rights.includes('data.view') ? (
        <Disclosure title={t('which')}>
          <Keys here={here} batch={batch} />
        </Disclosure>
      ) : null}
    </section>
  );
}

function Keys({ here: { at, place, dataset }, batch: { id } }: { here: DatasetPlace; batch: ImportBatch }) {
  const t = useTranslations('data.gone');
  const query = useQuery({
    queryKey: launchKey(place, 'datasets', dataset.id, 'imports', id, 'deletions'),
    queryFn: ({ signal }) => readImportDeletions({ ...at, batch: id }, { signal }),
  });
  return (
    <Answer query={query}>
      {({ planned, keys }) => (
        <>
          {keys.length < planned ? <p>{t('shown', { shown: keys.length, count: planned })}</p> : null}
          <p className={styles.name}>{dataset.key.join(', ')}</p>
          <ul className={styles.keys}>
            {keys.map((key, nr) => (
              // Keys that are hidden all read the same.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={`${nr} ${key}`} className={styles.value}>
                {key}
              </li>
            ))}
          </ul>
        </>
      )}
    </Answer>
  );
}
