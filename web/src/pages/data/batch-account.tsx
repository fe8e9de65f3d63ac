import { useTranslations } from 'use-intl/react';

import type { ImportBatch } from '../../api/client.generated.ts';
import { Disclosure } from '../../kit/disclosure.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Stack } from '../../kit/page.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { AccountBar } from './account-bar.tsx';
import styles from './data.module.css';
import { Deletions } from './deletions.tsx';
import { batchLooks } from './looks.ts';
import { toAccountLines, toSums } from './to-account.ts';
import type { AccountLine } from './to-account.ts';
import type { DatasetPlace } from './use-data.ts';

/** Where an import stands, and what became of every record of its source, by reason. */
export function BatchAccount({ here, batch }: { here: DatasetPlace; batch: ImportBatch }) {
  const t = useTranslations('data.batch');
  const { state, account, faults, questions, undone, createdAt, verification } = batch;
  return (
    <Stack>
      <span className={styles.inLine}>
        <Status of={batchLooks[state]}>{t(`state.${state}`)}</Status>
        <Time at={createdAt} short />
      </span>
      <span className={styles.inLine}>
        <AccountBar batch={batch} />
      </span>
      <Lines batch={batch} />
      <Deletions here={here} batch={batch} />
      <span className={styles.inLine}>
        <Status of={account.outcome} /> {account.reason}
      </span>
      {verification === null ? null : <p className={styles.muted}>{verification}</p>}
      {undone === null ? null : <p>{t('undone', undone)}</p>}
      {faults.length + questions.length === 0 ? null : <Faults batch={batch} />}
    </Stack>
  );
}

/** Who moved an import from state to state, and when. */
export function BatchMoves({ batch }: { batch: ImportBatch }) {
  const t = useTranslations('data.batch');
  return (
    <Disclosure title={t('earlier')}>
      <ul className={styles.list}>
        {batch.moves.map(({ at, to, person, detail }) => (
          <li key={`${at} ${to}`}>
            <Time at={at} short /> {t(`state.${to as ImportBatch['state']}`)} {person ?? ''}: {detail}
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

function Lines({ batch }: { batch: ImportBatch }) {
  const t = useTranslations('data.batch');
  const nameOf = ({ kind, reason }: AccountLine): string =>
    kind === 'imported'
      ? `${t(batch.counts === null ? 'wouldImport' : 'imported')}: ${t(reason as 'inserted')}`
      : t(kind, { reason });
  const items = toAccountLines(batch).map((line) => ({ name: nameOf(line), value: line.count }));
  return <KeyValues items={[{ name: t('source'), value: toSums(batch).source }, ...items]} />;
}

function Faults({ batch: { faults, questions } }: { batch: ImportBatch }) {
  const t = useTranslations('data.batch');
  return (
    <div>
      <h3>{t('faults')}</h3>
      <ul className={styles.list}>
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
        {questions.map(({ column, message }) => (
          <li key={column}>
            {column} {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
