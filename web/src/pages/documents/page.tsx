import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { listDocuments } from '../../api/client.generated.ts';
import type { ListDocumentsAnswer } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { joinClasses } from '../../kit/join-classes.ts';
import { Page as PageFrame } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { DocumentList } from './document-list.tsx';
import { DocumentView } from './document-view.tsx';
import styles from './documents.module.css';

export { messages } from './messages.ts';

/** The documents of a launch: read, with findings beside their lines, and mended; also while no launch can be read from them. */
export function Page() {
  const t = useTranslations('documents');
  const { launch = '', _splat: path = '' } = useParams({ strict: false });
  const queryKey = ['launches', launch, 'documents'];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listDocuments({ launch }, { signal }) });
  useLive({ launch }, queryKey);
  const trouble = query.data?.trouble ?? null;
  return (
    <PageFrame title={t('title')} banner={trouble === null ? null : <Trouble launch={launch} trouble={trouble} />}>
      <div className={joinClasses(styles.layout, path !== '' && styles.chosen)}>
        <div className={styles.aside}>
          <Panel title={t('list', { launch })} flush>
            <Answer query={query}>{({ items }) => <DocumentList launch={launch} items={items} />}</Answer>
          </Panel>
        </div>
        <div className={styles.main}>
          {path === '' ? null : <DocumentView key={path} launch={launch} path={path} />}
        </div>
      </div>
    </PageFrame>
  );
}

function Trouble({ launch, trouble }: { launch: string; trouble: NonNullable<ListDocumentsAnswer['trouble']> }) {
  const t = useTranslations('documents');
  const { file, line, message, hint } = trouble;
  return (
    <Banner tone="fail" icon="crossCircle" title={t('invalid')}>
      <p className={styles.trouble}>{message}</p>
      <p>{t('invalidHint', { hint })}</p>
      {file === null || line === null ? null : (
        <Link to="/launches/$launch/documents/$" params={{ launch, _splat: file }} hash={`L${line}`}>
          {t('mendAt', { file, line: String(line) })}
        </Link>
      )}
    </Banner>
  );
}
