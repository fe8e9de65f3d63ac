import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslations } from 'use-intl/react';

import { Page as PageFrame } from '../../kit/page.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { PeopleTab } from './access/people-tab.tsx';
import { ReportsTab } from './access/reports-tab.tsx';
import { RightsTab } from './access/rights-tab.tsx';
import { StatusTab } from './access/status-tab.tsx';
import { AccountTab } from './account/account-tab.tsx';
import { SessionsTab } from './account/sessions-tab.tsx';
import { TokensTab } from './account/tokens-tab.tsx';
import { NoticesTab } from './notices/notices-tab.tsx';

export { messages } from './messages.ts';

const tabs = {
  account: <AccountTab />,
  sessions: <SessionsTab />,
  tokens: <TokensTab />,
  notices: <NoticesTab />,
  people: <PeopleTab />,
  rights: <RightsTab />,
  status: <StatusTab />,
  reports: <ReportsTab />,
} as const satisfies Record<string, ReactElement>;

type TabId = keyof typeof tabs;

const ids = Object.keys(tabs) as readonly TabId[];

/** One's own account, accounts and rights of others, and how the installation is; each part has an address. */
export function Page() {
  const t = useTranslations('settings');
  const navigate = useNavigate();
  const { tab } = useSearch({ from: '/settings' });
  const selected = ids.find((id) => id === tab) ?? 'account';
  return (
    <PageFrame title={t('title')}>
      <Tabs
        label={t('tabs')}
        selected={selected}
        onSelect={(id) => void navigate({ to: '/settings', search: { tab: id }, replace: true })}
        tabs={ids.map((id) => ({ id, name: t(`tab.${id}`), children: tabs[id] }))}
      />
    </PageFrame>
  );
}
