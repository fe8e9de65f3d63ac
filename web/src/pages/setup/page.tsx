import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { CompleteSetupAnswer, ListSetupPeopleAnswer } from '../../api/client.generated.ts';
import { meQuery } from '../../api/me.ts';
import { LinkButton } from '../../kit/link-button.tsx';
import { BarePage } from '../../shell/bare-page.tsx';
import { AccountForm } from './account-form.tsx';
import { CodeStep } from './code-step.tsx';
import { Done } from './done.tsx';

export { messages } from './messages.ts';

/** A code that fits, and whom the first account may stand for. */
interface Opened {
  code: string;
  people: ListSetupPeopleAnswer;
}

/** The first run: the code of the console, then who it is, then what they may do. */
export function Page() {
  const t = useTranslations('setup');
  const { data } = useQuery(meQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [made, setMade] = useState<CompleteSetupAnswer | null>(null);
  if (made !== null) return <Done made={made} />;
  if (opened !== null)
    return (
      <BarePage title={t('personTitle')} lead={t('personLead')}>
        <AccountForm {...opened} onMade={setMade} />
      </BarePage>
    );
  if (data?.setupOpen === false)
    return (
      <BarePage title={t('title')}>
        <p>{t('closed')}</p>
        <LinkButton to="/sign-in" look="primary">
          {t('signIn')}
        </LinkButton>
      </BarePage>
    );
  return (
    <BarePage title={t('title')} lead={t('lead')}>
      <CodeStep onOpened={(code, people) => setOpened({ code, people })} />
    </BarePage>
  );
}
