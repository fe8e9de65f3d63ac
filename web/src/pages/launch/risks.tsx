import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Launch } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';

type Risk = Launch['risks'][number];

/** Risks, the greatest first, each with what proves that it is mitigated. */
export function Risks({ launch }: { launch: Launch }) {
  const t = useTranslations('launch.risks');
  const columns: Column<Risk>[] = [
    {
      id: 'score',
      name: t('score'),
      width: '88px',
      sortBy: (risk) => scoreOf(risk) ?? 26,
      cell: (risk) => <Score of={scoreOf(risk)} />,
    },
    { id: 'risk', name: t('risk'), width: '2fr', sortBy: ({ title }) => title, cell: ({ title }) => title },
    { id: 'mitigation', name: t('mitigation'), width: '2fr', priority: 3, cell: ({ mitigation }) => mitigation },
    {
      id: 'proof',
      name: t('proof'),
      width: '1.2fr',
      priority: 2,
      cell: (risk) => <Proof launch={launch} risk={risk} />,
    },
    { id: 'owner', name: t('owner'), width: '88px', priority: 2, cell: ({ owner }) => owner },
  ];
  return (
    <Panel title={t('title')} aside={launch.risks.length} flush>
      <Table
        label={t('title')}
        rows={launch.risks}
        rowKey={({ id }) => id}
        columns={columns}
        initialSorting={{ column: 'score', direction: 'descending' }}
        empty={<EmptyState title={t('none')} />}
      />
    </Panel>
  );
}

/** Likelihood times impact; null where one of them is not given, which leaves the risk open. */
function scoreOf({ likelihood, impact }: Risk): number | null {
  return likelihood === null || impact === null ? null : likelihood * impact;
}

/** From here on a risk blocks GO until its mitigation was seen to hold. */
const high = 12;

function Score({ of }: { of: number | null }) {
  if (of === null) return <Badge tone="unknown">?</Badge>;
  return of >= high ? <Badge tone="held">{of}</Badge> : <Badge>{of}</Badge>;
}

function Proof({ launch, risk: { mitigatedBy } }: { launch: Launch; risk: Risk }) {
  const t = useTranslations('launch.risks');
  const [gate] = launch.gates;
  if (mitigatedBy === null) return <>{t('noProof')}</>;
  if (gate === undefined) return <>{mitigatedBy}</>;
  return (
    <Link
      to="/launches/$launch/gates/$gate"
      params={{ launch: launch.id, gate: gate.id }}
      search={{ criterion: mitigatedBy }}
    >
      {mitigatedBy}
    </Link>
  );
}
