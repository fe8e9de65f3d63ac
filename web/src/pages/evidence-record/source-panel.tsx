import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { Answer } from '../../kit/answer.tsx';
import { CodeBlock } from '../../kit/code-block.tsx';
import { Disclosure } from '../../kit/disclosure.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Icon } from '../../kit/icon.tsx';
import { Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { drawBytes, shownBytes, suggestView } from './bytes-view.ts';
import { bytesAddress, fetchBytes } from './fetch-bytes.ts';
import styles from './record.module.css';
import type { EvidenceRecord } from './parse-record.ts';

type Source = EvidenceRecord['sources'][number];

/** The raw bytes that a check saw, each fetched when it is opened. They are text here, whatever they say that they are. */
export function SourcePanel({ launch, id, sources }: { launch: string; id: string; sources: readonly Source[] }) {
  const t = useTranslations('evidenceRecord');
  return (
    <Panel title={t('sources')} aside={sources.length}>
      {sources.length === 0 ? <EmptyState title={t('noSources')} /> : null}
      {sources.map((source, index) => {
        const { name, size, mediaType, sha256 } = source;
        return (
          <Disclosure
            key={`${name} ${sha256}`}
            title={t('source', { name, size: String(size), type: mediaType })}
            isOpenAtFirst={index === 0 && size <= shownBytes}
            aside={
              <a href={bytesAddress(launch, id, sha256)} download>
                <Icon name="download" /> {t('save')}
              </a>
            }
          >
            <Bytes launch={launch} id={id} source={source} />
          </Disclosure>
        );
      })}
    </Panel>
  );
}

function Bytes({ launch, id, source }: { launch: string; id: string; source: Source }) {
  const t = useTranslations('evidenceRecord');
  const query = useQuery({
    queryKey: ['launches', launch, 'bytes', id, source.sha256],
    queryFn: ({ signal }) => fetchBytes({ launch, id, sha256: source.sha256 }, signal),
    staleTime: Infinity,
  });
  return (
    <Answer query={query}>
      {({ bytes, sha256 }) => (
        <Stack>
          <p>
            {sha256 === null ? (
              <Status of="unknown">{t('digestUnknown')}</Status>
            ) : (
              <Status of={sha256 === source.sha256 ? 'pass' : 'fail'}>
                {t(sha256 === source.sha256 ? 'digestSame' : 'digestOther')}
              </Status>
            )}{' '}
            <code className={styles.digest}>{source.sha256}</code>
          </p>
          <Views name={source.name} mediaType={source.mediaType} bytes={bytes} />
        </Stack>
      )}
    </Answer>
  );
}

const views = ['text', 'json', 'xml', 'hex'] as const;

function Views({ name, mediaType, bytes }: { name: string; mediaType: string; bytes: Uint8Array }) {
  const t = useTranslations('evidenceRecord');
  const shown = bytes.subarray(0, shownBytes);
  const suggested = suggestView(mediaType, shown);
  const tabs = views
    .toSorted((a, b) => Number(b === suggested) - Number(a === suggested))
    .map((view) => ({
      id: view,
      name: t(`views.${view}`),
      children: <CodeBlock text={drawBytes(shown, view) ?? t('notJson')} label={t('bytesOf', { name })} />,
    }));
  return (
    <>
      <Tabs label={name} tabs={tabs} />
      {shown.length < bytes.length ? (
        <p className={styles.muted}>{t('cut', { shown: String(shown.length), size: String(bytes.length) })}</p>
      ) : null}
    </>
  );
}
