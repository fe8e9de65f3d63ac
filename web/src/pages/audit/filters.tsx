import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listLaunches } from '../../api/client.generated.ts';
import type { ListAuditInput } from '../../api/client.generated.ts';
import { Row } from '../../kit/page.tsx';
import { Search } from '../../kit/search.tsx';
import { Select } from '../../kit/select.tsx';

/** What the list is narrowed to; `all` does not narrow. */
export interface AuditFilters {
  kind: NonNullable<ListAuditInput['kind']> | 'all';
  outcome: string;
  launch: string;
  person: string;
}

export const noFilters: AuditFilters = { kind: 'all', outcome: 'all', launch: 'all', person: '' };

const kinds = [
  'run',
  'access',
  'log',
  'identity',
  'grant',
  'hold',
  'secret',
  'approval',
  'queue',
  'rehearsal',
] as const;
const outcomes = ['refused', 'allowed', 'exception', 'pass', 'fail', 'unknown', 'go', 'no-go', 'failed'] as const;

/** Narrows the list, by what the API narrows by. */
export function Filters({ value, onChange }: { value: AuditFilters; onChange: (value: AuditFilters) => void }) {
  const t = useTranslations('audit');
  const launches = useQuery({ queryKey: ['launches'], queryFn: ({ signal }) => listLaunches({ signal }) });
  const launchOptions = (launches.data?.items ?? []).map(({ id }) => ({ id, name: id }));
  const kindOptions = kinds.map((id) => ({ id, name: t(`kinds.${id}`) }));
  const outcomeOptions = outcomes.map((id) => ({ id: id as string, name: t(`outcomes.${id}`) }));
  return (
    <Row>
      <Select
        label={t('source')}
        isLabelHidden
        options={[{ id: 'all' as const, name: t('allKinds') }, ...kindOptions]}
        value={value.kind}
        onChange={(kind) => onChange({ ...value, kind })}
      />
      <Select
        label={t('outcome')}
        isLabelHidden
        options={[{ id: 'all', name: t('allOutcomes') }, ...outcomeOptions]}
        value={value.outcome}
        onChange={(outcome) => onChange({ ...value, outcome })}
      />
      <Select
        label={t('launch')}
        isLabelHidden
        options={[{ id: 'all', name: t('allLaunches') }, ...launchOptions]}
        value={value.launch}
        onChange={(launch) => onChange({ ...value, launch })}
      />
      <Search label={t('person')} value={value.person} onChange={(person) => onChange({ ...value, person })} />
    </Row>
  );
}
