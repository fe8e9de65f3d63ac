import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { listAccounts } from '../../../api/client.generated.ts';
import type { Account } from '../../../api/client.generated.ts';
import { meQuery } from '../../../api/me.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Button } from '../../../kit/button.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { IconButton } from '../../../kit/icon-button.tsx';
import { Menu } from '../../../kit/menu.tsx';
import type { MenuAction } from '../../../kit/menu.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Status } from '../../../kit/status.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { AccountDeed } from './account-deed.tsx';
import type { AccountDeedName } from './account-deed.tsx';
import { Invite } from './invite.tsx';

/** A deed that somebody has chosen for an account. */
interface Chosen {
  account: Account;
  deed: AccountDeedName;
}

/** Accounts of everybody. For whoever may manage them everywhere; others are told who can. */
export function PeopleTab() {
  const t = useTranslations('settings.people');
  const query = useQuery({ queryKey: ['accounts'], queryFn: ({ signal }) => listAccounts({ signal }) });
  const [isInviting, setIsInviting] = useState(false);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const columns = useColumns((account, deed) => setChosen({ account, deed }));
  const invite = (
    <Button icon="plus" isDisabled={query.data === undefined} onPress={() => setIsInviting(true)}>
      {t('invite')}
    </Button>
  );
  return (
    <Panel title={t('title')} flush actions={invite}>
      <Answer query={query}>
        {({ items }) => (
          <Table
            label={t('title')}
            rows={items}
            rowKey={({ id }) => id}
            columns={columns}
            empty={<EmptyState title={t('none')} />}
          />
        )}
      </Answer>
      {isInviting ? <Invite onClose={() => setIsInviting(false)} /> : null}
      {chosen === null ? null : <AccountDeed {...chosen} onClose={() => setChosen(null)} />}
    </Panel>
  );
}

function useColumns(onChoose: (account: Account, deed: AccountDeedName) => void): Column<Account>[] {
  const t = useTranslations('settings.people');
  return [
    { id: 'name', name: t('name'), sortBy: ({ name }) => name, cell: ({ name }) => name },
    {
      id: 'email',
      name: t('email'),
      priority: 2,
      width: '1.4fr',
      sortBy: ({ email }) => email,
      cell: ({ email }) => email,
    },
    {
      id: 'person',
      name: t('person'),
      width: '120px',
      sortBy: ({ person }) => person,
      cell: ({ person }) => person ?? t('nobody'),
    },
    {
      id: 'factors',
      name: t('factors'),
      priority: 2,
      width: '180px',
      cell: (account) => <Factors account={account} />,
    },
    {
      id: 'state',
      name: t('state'),
      priority: 3,
      width: '120px',
      cell: ({ disabledAt }) => (
        <Status of={disabledAt === null ? 'pass' : 'cancelled'}>
          {t(disabledAt === null ? 'active' : 'disabled')}
        </Status>
      ),
    },
    {
      id: 'manage',
      name: t('actions'),
      width: '84px',
      align: 'end',
      cell: (account) => <Actions account={account} onChoose={(deed) => onChoose(account, deed)} />,
    },
  ];
}

function Factors({ account: { factors } }: { account: Account }) {
  const t = useTranslations('settings.people');
  const { totp, passkeys } = factors;
  if (!totp && passkeys === 0) return <Status of="missing">{t('noFactor')}</Status>;
  const words = [...(totp ? [t('totp')] : []), ...(passkeys > 0 ? [t('passkeys', { count: passkeys })] : [])];
  return <span>{words.join(', ')}</span>;
}

function Actions({ account, onChoose }: { account: Account; onChoose: (deed: AccountDeedName) => void }) {
  const t = useTranslations('settings.people');
  const { data: me } = useQuery(meQuery);
  const isOwn = me?.identity?.account === account.id;
  const hasFactor = account.factors.totp || account.factors.passkeys > 0;
  const of = (id: AccountDeedName, blocked: string | null): MenuAction => ({
    id,
    name: t(id),
    onAction: () => onChoose(id),
    ...(blocked === null ? {} : { blocked }),
  });
  const own = isOwn ? t('own') : null;
  const actions = [
    of('setPerson', own),
    of('reset', null),
    of(account.disabledAt === null ? 'disable' : 'enable', own),
    of('drop', own ?? (hasFactor ? null : t('noFactorsToDrop'))),
  ];
  return (
    <Menu label={t('manage', { name: account.name })} actions={actions}>
      <IconButton icon="more" label={t('manage', { name: account.name })} />
    </Menu>
  );
}
