import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { endOwnToken, endToken, listOwnTokens, listTokens } from '../../../api/client.generated.ts';
import type { Token } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Button } from '../../../kit/button.tsx';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Stack } from '../../../kit/page.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Status } from '../../../kit/status.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { Time } from '../../../kit/time.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { useStepUp } from '../../../step-up/step-up-wish.ts';
import { useMayManage } from '../use-may-manage.ts';
import { MakeToken } from './make-token.tsx';

/** Tokens for programs: one's own, and for whoever manages accounts those of everybody. */
export function TokensTab() {
  const mayManage = useMayManage('account.manage');
  return (
    <Stack>
      <OwnTokens />
      {mayManage ? <AllTokens /> : null}
    </Stack>
  );
}

function OwnTokens() {
  const t = useTranslations('settings.tokens');
  const query = useQuery({ queryKey: ['me', 'tokens'], queryFn: ({ signal }) => listOwnTokens({ signal }) });
  const [isMaking, setIsMaking] = useState(false);
  const scopes = query.data?.scopes ?? null;
  const make = (
    <Button icon="plus" isDisabled={scopes === null} onPress={() => setIsMaking(true)}>
      {t('make')}
    </Button>
  );
  return (
    <Panel title={t('title')} flush actions={make}>
      <Answer query={query}>
        {({ items }) => (
          <TokenTable
            label={t('title')}
            tokens={items}
            end={(token) => endOwnToken({ token })}
            empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
          />
        )}
      </Answer>
      {isMaking && scopes !== null ? <MakeToken scopes={scopes} onClose={() => setIsMaking(false)} /> : null}
    </Panel>
  );
}

function AllTokens() {
  const t = useTranslations('settings.tokens');
  const query = useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => listTokens({ signal }) });
  return (
    <Panel title={t('all')} flush>
      <Answer query={query}>
        {({ items }) => (
          <TokenTable
            label={t('all')}
            tokens={items}
            end={(token) => endToken({ token })}
            empty={<EmptyState title={t('noneAtAll')} />}
          />
        )}
      </Answer>
    </Panel>
  );
}

interface TokenTableProps {
  label: string;
  tokens: readonly Token[];
  end: (id: string) => Promise<unknown>;
  empty: React.ReactNode;
}

function TokenTable({ label, tokens, end, empty }: TokenTableProps) {
  const t = useTranslations('settings.tokens');
  const queryClient = useQueryClient();
  const withStepUp = useStepUp();
  const [chosen, setChosen] = useState<Token | null>(null);
  const columns = useColumns(setChosen);
  const confirm = async (): Promise<void> => {
    await withStepUp(() => end(chosen?.id ?? ''));
    showToast('pass', t('ended'));
    await Promise.all([['me', 'tokens'], ['tokens']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
  return (
    <>
      <Table label={label} rows={tokens} rowKey={({ id }) => id} columns={columns} empty={empty} />
      <ConfirmDialog
        title={t('endTitle', { name: chosen?.name ?? '' })}
        verb={t('end')}
        isDangerous
        isOpen={chosen !== null}
        onClose={() => setChosen(null)}
        onConfirm={confirm}
      >
        {t('endWhy')}
      </ConfirmDialog>
    </>
  );
}

function useColumns(onEnd: (token: Token) => void): Column<Token>[] {
  const t = useTranslations('settings.tokens');
  return [
    { id: 'name', name: t('name'), sortBy: ({ name }) => name, cell: ({ name }) => name },
    { id: 'scopes', name: t('scopes'), priority: 2, width: '1.6fr', cell: ({ scopes }) => scopes.join(', ') },
    {
      id: 'expires',
      name: t('expires'),
      priority: 3,
      width: '184px',
      cell: ({ expiresAt }) => <Time at={expiresAt} short />,
    },
    {
      id: 'used',
      name: t('used'),
      priority: 3,
      width: '184px',
      cell: ({ usedAt }) => (usedAt === null ? t('never') : <Time at={usedAt} short />),
    },
    { id: 'state', name: t('state'), width: '96px', cell: (token) => <TokenState token={token} /> },
    {
      id: 'end',
      name: t('end'),
      width: '76px',
      align: 'end',
      cell: (token) =>
        token.revokedAt === null ? (
          <Button look="quiet" onPress={() => onEnd(token)}>
            {t('end')}
          </Button>
        ) : null,
    },
  ];
}

function TokenState({ token: { revokedAt, expiresAt } }: { token: Token }) {
  const t = useTranslations('settings.tokens');
  if (revokedAt !== null) return <Status of="cancelled">{t('revoked')}</Status>;
  if (Date.parse(expiresAt) <= Date.now()) return <Status of="stale">{t('expired')}</Status>;
  return <Status of="pass">{t('active')}</Status>;
}
