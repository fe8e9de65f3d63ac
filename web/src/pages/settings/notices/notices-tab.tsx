import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { chooseNotices, readOwnNotices, testNotices } from '../../../api/client.generated.ts';
import type { NoticeStanding } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Banner } from '../../../kit/banner.tsx';
import { Button } from '../../../kit/button.tsx';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { ErrorState } from '../../../kit/error-state.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { Row, Stack } from '../../../kit/page.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Status } from '../../../kit/status.tsx';
import { Time } from '../../../kit/time.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { useTry } from '../../../kit/use-try.ts';
import styles from './notices.module.css';

const queryKey = ['me', 'notices'];
/** Mail goes out by itself: there is no event that says so. */
const everyMs = 3_000;

/** What tells the caller beyond the screen, whether it can, and what was sent lately. */
export function NoticesTab() {
  const t = useTranslations('settings.notices');
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => readOwnNotices({ signal }),
    refetchInterval: everyMs,
  });
  return (
    <Answer query={query} rows={8}>
      {(standing) => (
        <Stack>
          <Panel title={t('title')}>
            <Choice key={standing.version} standing={standing} />
          </Panel>
          <Panel title={t('recent')}>
            <Recent recent={standing.recent} />
          </Panel>
        </Stack>
      )}
    </Answer>
  );
}

function Choice({ standing }: { standing: NoticeStanding }) {
  const t = useTranslations('settings.notices');
  const queryClient = useQueryClient();
  const { error, isPending, attempt } = useTry();
  const [mail, setMail] = useState<readonly string[]>(standing.mail);
  const { kinds, version, channel, address } = standing;
  const wanted = kinds.filter((kind) => mail.includes(kind));
  const isChanged = wanted.join() !== standing.mail.join();
  const isAwake = channel !== null && channel.isAwake;
  const save = (): void =>
    attempt(async () => {
      queryClient.setQueryData(queryKey, await chooseNotices({ body: { mail: wanted, expectedVersion: version } }));
      showToast('pass', t('saved'));
    });
  const test = (): void =>
    attempt(async () => {
      queryClient.setQueryData(queryKey, await testNotices());
      showToast('pass', t('testing'));
    });
  return (
    <Stack>
      <p className={styles.intro}>{t('intro')}</p>
      {isAwake ? null : (
        <Banner tone="unknown" icon="bell" title={t('asleep')}>
          {t('asleepText')}
        </Banner>
      )}
      <KeyValues
        items={[
          { name: t('to'), value: address ?? t('noAddress') },
          ...(channel === null ? [] : [{ name: t('from'), value: channel.sender }]),
        ]}
      />
      <div className={styles.kinds}>
        {kinds.map((kind) => (
          <Checkbox
            key={kind}
            isSelected={mail.includes(kind)}
            onChange={(isOn) => setMail(isOn ? [...mail, kind] : mail.filter((one) => one !== kind))}
          >
            {t(`kind.${kind}`)}
          </Checkbox>
        ))}
      </div>
      <Row>
        <Button look="primary" isDisabled={!isChanged} isPending={isPending} onPress={save}>
          {t('save')}
        </Button>
        <Button isDisabled={!isAwake || address === null} isPending={isPending} onPress={test}>
          {t('test')}
        </Button>
        {isChanged ? <span className={styles.muted}>{t('unsaved')}</span> : null}
      </Row>
      {error === null ? null : <ErrorState error={error} />}
    </Stack>
  );
}

const looks = { waiting: 'waiting', sent: 'done', quiet: 'held', failed: 'failed' } as const;

function Recent({ recent }: { recent: NoticeStanding['recent'] }) {
  const t = useTranslations('settings.notices');
  if (recent.length === 0) return <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>;
  return (
    <ul className={styles.list}>
      {recent.map(({ notice, subject, state, detail, madeAtMs }) => (
        <li key={notice} className={styles.row}>
          <Time at={madeAtMs} short />
          <Status of={looks[state]}>{t(`state.${state}`)}</Status>
          <span className={styles.subject}>{subject}</span>
          {detail === null ? null : <span className={styles.muted}>{detail}</span>}
        </li>
      ))}
    </ul>
  );
}
