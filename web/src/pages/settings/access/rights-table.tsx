import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { endGrants } from '../../../api/client.generated.ts';
import type { Grant, ListGrantsAnswer } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Badge, Status } from '../../../kit/status.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { Time } from '../../../kit/time.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { useStepUp } from '../../../step-up/step-up-wish.ts';

/** Every right with where it comes from, and a way to end it. */
export function RightsTable({ launch, rights }: { launch: string; rights: ListGrantsAnswer }) {
  const t = useTranslations('settings.rights');
  const queryClient = useQueryClient();
  const withStepUp = useStepUp();
  const [chosen, setChosen] = useState<Grant | null>(null);
  const nameOf = useNames(rights);
  const columns = useColumns(nameOf, setChosen);
  const end = async (reason: string): Promise<void> => {
    const body = { grant: chosen?.id ?? '', holder: null, environment: null, reason };
    await withStepUp(() => endGrants({ launch, body }));
    showToast('pass', t('done'));
    await queryClient.invalidateQueries({ queryKey: ['launches', launch, 'grants'] });
  };
  const words = {
    who: chosen === null ? '' : nameOf(chosen),
    role: chosen?.role ?? '',
    environment: chosen?.environment ?? '',
  };
  return (
    <>
      <Table
        label={t('title', { launch })}
        rows={rights.items}
        rowKey={({ id }) => id}
        columns={columns}
        empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
      />
      <ConfirmDialog
        title={t('endTitle', words)}
        verb={t('endVerb')}
        isDangerous
        reasonLabel={t('reason')}
        isOpen={chosen !== null}
        onClose={() => setChosen(null)}
        onConfirm={end}
      >
        {t('endWhy', words)}
      </ConfirmDialog>
    </>
  );
}

/** Names people by what the launch calls them. */
function useNames({ people }: ListGrantsAnswer): (grant: Grant) => string {
  const t = useTranslations('settings.rights');
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return ({ holder: { kind, id } }) => (kind === 'group' ? t('group', { id }) : (names.get(id) ?? id));
}

function useColumns(nameOf: (grant: Grant) => string, onEnd: (grant: Grant) => void): Column<Grant>[] {
  const t = useTranslations('settings.rights');
  return [
    {
      id: 'who',
      name: t('who'),
      width: '1.2fr',
      sortBy: nameOf,
      cell: (grant) => <span title={grant.holder.id}>{nameOf(grant)}</span>,
    },
    {
      id: 'role',
      name: t('role'),
      width: '96px',
      sortBy: ({ role }) => role,
      cell: ({ role, breakGlass }) => <Badge {...(breakGlass === null ? {} : { tone: 'fail' as const })}>{role}</Badge>,
    },
    {
      id: 'environment',
      name: t('environment'),
      priority: 2,
      width: '120px',
      sortBy: ({ environment }) => environment,
      cell: ({ environment }) => environment,
    },
    { id: 'why', name: t('why'), priority: 2, width: '2fr', cell: (grant) => <Why grant={grant} /> },
    {
      id: 'ends',
      name: t('ends'),
      priority: 3,
      width: '184px',
      sortBy: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => (expiresAt === null ? t('never') : <Time at={expiresAt} short />),
    },
    {
      id: 'state',
      name: t('state'),
      priority: 3,
      width: '1fr',
      cell: ({ fault }) => <Standing fault={fault} />,
    },
    {
      id: 'end',
      name: t('end'),
      width: '76px',
      align: 'end',
      cell: (grant) =>
        grant.fault === null ? (
          <Button look="quiet" onPress={() => onEnd(grant)}>
            {t('end')}
          </Button>
        ) : null,
    },
  ];
}

function Why({ grant: { source, delegates, breakGlass } }: { grant: Grant }) {
  const t = useTranslations('settings.rights');
  if (breakGlass !== null) return <Status of="warning">{t('breakGlass', { reason: breakGlass.reason })}</Status>;
  if (source.kind === 'document') return t('byDocument', { roles: source.roles.join(', ') });
  if (source.kind === 'installation') return t('byInstallation');
  return t(delegates === null ? 'byPerson' : 'delegated', { person: source.person });
}

function Standing({ fault }: { fault: string | null }) {
  const t = useTranslations('settings.rights');
  if (fault === null) return <Status of="pass">{t('holds')}</Status>;
  return (
    <span title={fault}>
      <Status of="stale">{fault}</Status>
    </span>
  );
}
