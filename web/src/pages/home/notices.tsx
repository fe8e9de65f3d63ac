import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { dismissNotices } from '../../api/client.generated.ts';
import type { HomeNotice } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { useNow } from '../../kit/clock.ts';
import { Disclosure } from '../../kit/disclosure.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { IconButton } from '../../kit/icon-button.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { showToast } from '../../kit/toast.tsx';
import styles from './home.module.css';

/** What somebody is told once. Putting a notice away leaves what it is about in its lane. */
export function Notices({ notices }: { notices: readonly HomeNotice[] }) {
  const t = useTranslations('home');
  const putAway = usePutAway();
  const fresh = notices.filter(({ dismissed }) => !dismissed);
  const old = notices.filter(({ dismissed }) => dismissed);
  const all = (
    <Button look="quiet" onPress={() => putAway(fresh)}>
      {t('putAllAway')}
    </Button>
  );
  return (
    <Panel title={t('notices')} aside={fresh.length} actions={fresh.length === 0 ? null : all} flush>
      {fresh.length === 0 ? <EmptyState title={t('noNotice')}>{t('noNoticeHint')}</EmptyState> : null}
      <ul className={styles.items}>
        {fresh.map((notice) => (
          <Line key={notice.key} notice={notice} onPutAway={() => putAway([notice])} />
        ))}
      </ul>
      {old.length === 0 ? null : (
        <div className={styles.folded}>
          <Disclosure title={t('dismissed', { count: old.length })}>
            <ul className={styles.items}>
              {old.map((notice) => (
                <Line key={notice.key} notice={notice} onPutAway={null} />
              ))}
            </ul>
          </Disclosure>
        </div>
      )}
    </Panel>
  );
}

function usePutAway(): (notices: readonly HomeNotice[]) => void {
  const client = useQueryClient();
  return (notices) => {
    dismissNotices({ body: { notices: notices.map(({ key }) => key) } }).then(
      () => client.invalidateQueries({ queryKey: ['home'] }),
      (error: unknown) => showToast('fail', error instanceof Error ? error.message : String(error)),
    );
  };
}

function Line({ notice, onPutAway }: { notice: HomeNotice; onPutAway: (() => void) | null }) {
  const t = useTranslations('home');
  const now = useNow();
  const { kind, title, why, atMs } = notice;
  return (
    <li className={styles.notice}>
      <span className={styles.words}>
        <span>
          <Badge>{t(`notice.${kind}`)}</Badge> {title}
        </span>
        <span className={styles.why}>{why}</span>
        {atMs === null ? null : (
          <span className={styles.facts}>
            {atMs > now ? t('due') : null} <Time at={atMs} short />
          </span>
        )}
      </span>
      {onPutAway === null ? null : <IconButton icon="close" label={`${t('putAway')}: ${title}`} onPress={onPutAway} />}
    </li>
  );
}
