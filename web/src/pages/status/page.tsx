import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { readStatus } from '../../api/client.generated.ts';
import type { StatusSummary } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { BarePage } from '../../shell/bare-page.tsx';

export { messages } from './messages.ts';

/** How often it is asked again while somebody looks. */
const everyMs = 15_000;

const looks: { readonly [level in StatusSummary['level']]: StatusName } = {
  operational: 'pass',
  degraded: 'warning',
  partial: 'fail',
  major: 'fail',
  unknown: 'unknown',
};

/** How the installation is, for everybody: derived from what was measured, without reasons or figures. */
export function Page() {
  const t = useTranslations('status');
  const query = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => readStatus({ signal }),
    refetchInterval: everyMs,
  });
  return (
    <BarePage
      title={t('title')}
      foot={
        <Link to="/settings" search={{ tab: 'status' }}>
          {t('details')}
        </Link>
      }
    >
      <Answer query={query}>
        {({ level, parts, at }) => (
          <>
            <h2>
              <Status of={looks[level]}>{t(`level.${level}`)}</Status>
            </h2>
            <KeyValues
              items={[
                ...parts.map((part) => ({
                  name: t(`part.${part.component}`),
                  value: <Status of={looks[part.level]}>{t(`partLevel.${part.level}`)}</Status>,
                })),
                { name: t('at'), value: <Time at={at} /> },
              ]}
            />
          </>
        )}
      </Answer>
    </BarePage>
  );
}
