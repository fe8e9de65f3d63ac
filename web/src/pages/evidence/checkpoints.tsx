import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listCheckpoints } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { CodeBlock } from '../../kit/code-block.tsx';
import { Disclosure } from '../../kit/disclosure.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './evidence.module.css';

const newest = 20;

/** The newest signed checkpoints of a log, to be kept elsewhere: only one that lies outside shows that a tail was cut. */
export function Checkpoints({ launch }: { launch: string }) {
  const t = useTranslations('evidence.checkpoints');
  return (
    <Disclosure title={t('title')}>
      <Notes launch={launch} />
    </Disclosure>
  );
}

function Notes({ launch }: { launch: string }) {
  const t = useTranslations('evidence.checkpoints');
  const query = useQuery({
    queryKey: ['launches', launch, 'checkpoints'],
    queryFn: ({ signal }) => listCheckpoints({ launch, limit: newest }, { signal }),
  });
  return (
    <Answer query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('none')} />
        ) : (
          <>
            <p className={styles.why}>{t('why')}</p>
            <ol className={styles.checkpoints}>
              {items.map(({ size, note, at }) => (
                <li key={size}>
                  <span>
                    {t('of', { size })} <Time at={at} />
                  </span>
                  <CodeBlock text={note} label={t('of', { size })} />
                </li>
              ))}
            </ol>
          </>
        )
      }
    </Answer>
  );
}
