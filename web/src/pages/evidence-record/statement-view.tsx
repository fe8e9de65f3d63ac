import { useTranslations } from 'use-intl/react';

import type { ReadEvidenceAnswer } from '../../api/client.generated.ts';
import { KeyValues } from '../../kit/key-values.tsx';
import { Columns, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import type { Entry } from './parse-record.ts';
import { ProofPanel } from './proof-panel.tsx';
import styles from './record.module.css';
import { WholeRecord } from './whole-record.tsx';

/** A vote, a waiver, a word, a sealed decision: its fields as they were signed or sealed. */
export function StatementView({ record, entry }: { record: ReadEvidenceAnswer; entry: Entry }) {
  const t = useTranslations('evidenceRecord');
  const fields = 'statement' in entry && entry.statement !== undefined ? entry.statement : { ...entry };
  const items = Object.entries(fields).map(([name, value]) => ({
    name,
    value: <span className={styles.digest}>{typeof value === 'string' ? value : JSON.stringify(value)}</span>,
  }));
  return (
    <Stack>
      <Columns>
        <Panel title={t('statement')}>
          <KeyValues items={items} />
        </Panel>
        <ProofPanel record={record} />
      </Columns>
      <WholeRecord body={record.body} />
    </Stack>
  );
}
