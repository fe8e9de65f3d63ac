import { useTranslations } from 'use-intl/react';

import type { ListEvidenceInput } from '../../api/client.generated.ts';
import { Checkbox } from '../../kit/checkbox.tsx';
import { Row } from '../../kit/page.tsx';
import { Search } from '../../kit/search.tsx';
import { Select } from '../../kit/select.tsx';

/** What the list is narrowed to; `all` does not narrow. */
export interface EntryFilters {
  about: string;
  kind: NonNullable<ListEvidenceInput['kind']> | 'all';
  word: string;
  newest: boolean;
}

export const noFilters: EntryFilters = { about: '', kind: 'all', word: 'all', newest: false };

const kinds = ['evidence', 'waiver', 'approval', 'action-vote', 'step-confirmation', 'decision'] as const;
const words = ['pass', 'fail', 'unknown', 'go', 'go-with-conditions', 'no-go', 'waived', 'done'] as const;

/** Narrows the list, by what the API narrows by. */
export function Filters({ value, onChange }: { value: EntryFilters; onChange: (value: EntryFilters) => void }) {
  const t = useTranslations('evidence');
  const kindOptions = [
    { id: 'all' as const, name: t('allKinds') },
    ...kinds.map((id) => ({ id, name: t(`kinds.${id}`) })),
  ];
  const wordOptions = [
    { id: 'all', name: t('allOutcomes') },
    ...words.map((id) => ({ id: id as string, name: t(`words.${id}`) })),
  ];
  return (
    <Row>
      <Search label={t('aboutFilter')} value={value.about} onChange={(about) => onChange({ ...value, about })} />
      <Select
        label={t('kind')}
        isLabelHidden
        options={kindOptions}
        value={value.kind}
        onChange={(kind) => onChange({ ...value, kind })}
      />
      <Select
        label={t('outcome')}
        isLabelHidden
        options={wordOptions}
        value={value.word}
        onChange={(word) => onChange({ ...value, word })}
      />
      <Checkbox isSelected={value.newest} onChange={(newest) => onChange({ ...value, newest })}>
        {t('newest')}
      </Checkbox>
    </Row>
  );
}
